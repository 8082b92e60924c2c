/**
 * Of VS Code's own extensions what is drawn: themes, and the languages of logs and states. The others, for programming
 * languages, Git, debuggers and accounts, computed for 8 seconds in each start, and longer the more was done.
 */
export const drawnExtensions = ['theme-defaults', 'theme-modern-icons', 'theme-seti', 'json', 'log'] as const;
