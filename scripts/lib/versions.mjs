// Versions of what the scripts install, each exact.

/** The oldest VS Code that the extension supports (1.105), and the Node that it brings. */
export const floor = { codeServerVersion: '4.105.1', nodeVersion: '22.23.3' };

/** The VS Code that tests and demo show (1.139), and the Node that it brings. */
export const newest = { codeServerVersion: '4.139.1', nodeVersion: '24.21.0' };
