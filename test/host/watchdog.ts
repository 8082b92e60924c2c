// A host that shows no test results is ended soon, with what is most likely wrong.

/** From the page being asked for to the first result. */
const beginsWithinMs = 60_000;
/** From one result to the next; longer than mocha lets a test and its hooks take. */
const goesOnWithinMs = 90_000;

export interface Watchdog {
  readonly signal: AbortSignal;
  readonly start: () => void;
  /** Something was heard. */
  readonly pat: () => void;
  readonly stop: () => void;
}

export function watchdog(): Watchdog {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = (limitMs: number, what: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error(`${what} within ${limitMs / 1000} s.`)), limitMs);
  };
  return {
    signal: controller.signal,
    start: () =>
      wait(
        beginsWithinMs,
        'No test gave a result. Was VS Code started with enable-smoke-test-driver, and does the bundle of the tests load? ' +
          'None came',
      ),
    pat: () => wait(goesOnWithinMs, 'The tests stopped giving results; none came'),
    stop: () => clearTimeout(timer),
  };
}
