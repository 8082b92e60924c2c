// Runs programs: quietly until they fail, or with their output passed through.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/**
 * Runs a program and resolves with its standard output; what it printed goes into the error when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number}} [options]
 * @returns {Promise<string>}
 */
export function capture(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      timeout: options.timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let everything = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      everything += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (everything += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(`${[program, ...args].join(' ')} ended with ${code ?? signal}:\n${lastLines(everything, 40)}`),
        );
    });
  });
}

/**
 * Runs a program on this terminal, or into an open file.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, output?: number, isBackground?: boolean}} [options] `output` is a file
 *   descriptor; in the background it and what it starts compute only while other processes leave the machine idle
 * @returns {Promise<number>} the exit code; 128 when a signal ended it
 */
export function passThrough(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const { cwd, env = process.env, output, isBackground = false } = options;
    const stdio = output === undefined ? 'inherit' : ['ignore', output, output];
    const child = spawn(program, args, { cwd, env, stdio });
    if (isBackground && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  });
}

/**
 * The environment for an npm that is started from an npm script: without what the outer npm says about its own
 * project, which would install into the wrong folder, and about its own Node, which code-server's installation believes.
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentForNpm(extra = {}) {
  const outer =
    /^(NODE|INIT_CWD|npm_(package|lifecycle|command|execpath|node_execpath).*|npm_config_\w*(prefix|user_agent|node_gyp|version|global|ignore_scripts))$/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name))), ...extra };
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
