/** The lines that builds and imports write, as recorded. */
import type { AgeName } from '../model.ts';
import type { JobScript, LogLevel, LogStep, Transition } from '../template-spec.ts';

const verbs: Readonly<Record<Transition, string>> = {
  start: 'Starting workspace',
  stop: 'Stopping workspace',
  delete: 'Destroying workspace',
};

export function daemon(stage: string, afterMs: number): LogStep {
  return { afterMs, source: 'provisioner_daemon', level: 'info', stage, output: '' };
}

export function line(stage: string, output: string, afterMs = 0, level: LogLevel = 'info'): LogStep {
  return { afterMs, source: 'provisioner', level, stage, output };
}

/** What comes before the lines of the transition itself. */
export function* preamble(age: AgeName, transition: Transition, planned: readonly string[] = []): Iterable<LogStep> {
  yield daemon('Setting up', age === 'v0' ? 6 : 20);
  if (age === 'v2') {
    for (const output of planned) yield line('Planning Infrastructure', output, 2);
    yield line('Commit quota', 'Build cost       —   5', 11);
    yield line('Commit quota', 'Budget           —   -1');
    yield line('Commit quota', 'Credits consumed —   0');
  }
  yield daemon(verbs[transition], age === 'v0' ? 109 : 5);
}

export interface ScriptOptions {
  planned?: readonly string[];
  lines: (stage: string) => Iterable<LogStep>;
  tailMs?: number;
  error?: string;
}

export function buildScript(age: AgeName, transition: Transition, options: ScriptOptions): JobScript {
  return {
    *steps() {
      yield* preamble(age, transition, options.planned);
      yield* options.lines(verbs[transition]);
    },
    tailMs: options.tailMs ?? 5,
    ...(options.error === undefined ? {} : { error: options.error }),
  };
}

/** 40 lines over 6 s: colours, Unicode, an empty line, 1,500 characters, two lines in one, HTML. */
export function* slowLines(stage: string): Iterable<LogStep> {
  const levels: readonly LogLevel[] = ['info', 'info', 'debug', 'warn', 'error', 'trace'];
  const actions = ['Planning', 'Refreshing', 'Creating', 'Still creating'];
  const odd = new Map([
    [5, '\u001b[1m\u001b[32mApply\u001b[0m in progress'],
    [7, 'Zażółć gęślą jaźń 日本語 🚀'],
    [9, ''],
    [11, 'x'.repeat(1500)],
    [13, 'two\nlines'],
    [15, 'tab\there \\ "quoted" <b>&amp;</b>'],
  ]);
  for (let n = 0; n < 40; n++) {
    const usual = `docker_container.workspace: ${actions[n % 4] ?? ''}... [${n * 10}s elapsed]`;
    yield line(stage, odd.get(n) ?? usual, n === 0 ? 0 : 151, levels[n % 6] ?? 'info');
  }
}

const A_DAY_MS = 86_400_000;

/** Goes on until somebody cancels it; after `count` lines it says nothing more. */
export function* endlessLines(stage: string, everyMs: number, count = Infinity): Iterable<LogStep> {
  for (let n = 0; ; n++) {
    const afterMs = n === 0 ? 0 : n < count ? everyMs : A_DAY_MS;
    yield line(stage, `null_resource.x: Still creating... [${n}s elapsed]`, afterMs);
  }
}

/** `count` lines in bursts, for measuring readers. */
export function* manyLines(stage: string, count: number): Iterable<LogStep> {
  for (let n = 0; n < count; n++)
    yield line(stage, `module.network.aws_subnet.private[${n}]: Refreshing state... [id=subnet-${n}]`);
}

export function importScript(age: AgeName, error?: string): JobScript {
  const stages =
    age === 'v0'
      ? ['Setting up', 'Adding README.md...', 'Parsing template parameters', 'Detecting persistent resources']
      : ['Setting up', 'Parsing template parameters', 'Detecting persistent resources'];
  return {
    *steps() {
      for (const stage of stages) yield daemon(stage, age === 'v0' ? 60 : 4);
      yield daemon('Cleaning Up', 1);
    },
    tailMs: age === 'v0' ? 20 : 2,
    ...(error === undefined ? {} : { error }),
  };
}
