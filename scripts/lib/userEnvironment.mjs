// The environment variables a user would start VS Code with.

/**
 * Without what an outer VS Code tells its own terminals, or code-server its users: either would change what starts.
 * Without CODER_URL and the like too: what a run wants VS Code to know it says itself.
 * @returns {NodeJS.ProcessEnv}
 */
export function userEnvironment() {
  const foreign =
    /^(VSCODE_|CODE_SERVER_|CS_|CODER_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
