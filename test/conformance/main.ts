import { writeFile } from 'node:fs/promises';
import { AddressError, parseDeploymentUrl, type DeploymentUrl } from '../../src/api/address.ts';
import { ApiError } from '../../src/api/errors.ts';
import { CannotBegin } from './cannotBegin.ts';
import { checksAbout } from './checks/index.ts';
import { listenForInterrupts, Stopped } from './interrupts.ts';
import { remoteLimits } from './limits.ts';
import { isLoopback, readOptions, usage, UsageError, type Options } from './options.ts';
import { askSecret, confirm, someoneIsThere, Unanswered } from './prompt.ts';
import { progressLine, table, tally, toJson, type Report } from './report.ts';
import { runSuite } from './suite.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const main = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args);
  if (options === undefined) {
    say(usage);
    return 0;
  }
  const url = parseDeploymentUrl(options.url);
  const checks = checksAbout(options.only);
  if (checks.length === 0) throw new UsageError(`No check is about “${options.only ?? ''}”.`);
  const { stop, giveUp, crash, forget } = listenForInterrupts();
  try {
    await mayAct(options, url, stop);
    const token = await tokenFor(url, stop);
    const report = await runSuite({
      url,
      token,
      checks,
      template: options.template,
      limits: remoteLimits,
      signal: stop,
      giveUp,
      tell: {
        begins(facts, older) {
          say(`${url.href}: Coder ${facts.version}, of ${ages[facts.age]}, as ${facts.me.username}`);
          say(`Templates: ${[...facts.templates].map(describeTemplate).join(', ') || 'none that the checks know'}`);
          if (older.length > 0) say(`Left alone, of another run: ${older.join(', ')}`);
        },
        checked: (result) => say(progressLine(result)),
        cleans: (count) => say(`Deleting what was made (${count})…`),
      },
    });
    await finish(report, options, stop.aborted);
    if (crash() !== undefined) throw crash();
    return exitCode(report, stop.aborted);
  } finally {
    forget();
  }
};

const ages = {
  document: 'the reference document’s age',
  between: 'an age between the document and today',
  today: 'today',
} as const;

const describeTemplate = ([role, { name }]: readonly [string, { readonly name: string }]): string =>
  role === name ? role : `${name} as ${role}`;

const mayAct = async (options: Options, url: DeploymentUrl, signal: AbortSignal): Promise<void> => {
  if (options.yes || isLoopback(url.hostname)) return;
  if (!someoneIsThere()) throw new CannotBegin(`${url.host} is not on this machine: say --yes to act on it.`);
  const question = `${url.host} is not on this machine. Make, build and delete workspaces there?`;
  if (!(await confirm(question, signal))) throw new CannotBegin('Nothing was done.');
};

const tokenFor = async (url: DeploymentUrl, signal: AbortSignal): Promise<string> => {
  const given = process.env.CODER_SESSION_TOKEN?.trim() ?? '';
  if (given !== '') return given;
  if (!someoneIsThere()) throw new CannotBegin('Put a token into CODER_SESSION_TOKEN.');
  const typed = await askSecret(`Token for ${url.host} (see ${url.href}/cli-auth; it is not shown): `, signal);
  return typed === '' ? Promise.reject(new CannotBegin('Without a token nothing can be asked.')) : typed;
};

const finish = async (report: Report, options: Options, stopped: boolean): Promise<void> => {
  say(`\n${table(report)}`);
  if (stopped) say('\nStopped before everything was asked.');
  if (report.left.length > 0) say(`\nCould not be deleted: ${report.left.join(', ')}`);
  if (options.json === undefined) return;
  await writeFile(options.json, toJson(report));
  say(`\nWritten to ${options.json}`);
};

const exitCode = (report: Report, stopped: boolean): number => {
  if (stopped) return 130;
  return tally(report.results).failed > 0 || report.left.length > 0 ? 1 : 0;
};

const explain = (error: unknown): string => {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (!(error instanceof Error)) return String(error);
  const isUserError = [AddressError, ApiError, CannotBegin, Stopped, Unanswered].some((each) => error instanceof each);
  return isUserError ? error.message : (error.stack ?? error.message);
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof Stopped || error instanceof Unanswered ? 130 : 2;
}
