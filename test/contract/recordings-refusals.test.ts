import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { soon } from './client-fixture.ts';
import { callFor } from './recordings-calls.ts';
import { exchange, exchangeNames, type Exchange } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const noWorkspace = "The workspace doesn't exist, or you don't have permission to see it.";
const noBuild = "The build doesn't exist, or you don't have permission to see it.";
const noUser = "The user doesn't exist, or you don't have permission to see them.";
const badToken = "HOST didn't authorize this request.";
const badIdentity = 'Coder rejected the identity document of this machine.';
const badSearch = "Coder doesn't understand this search.";
const badSchedule = 'Coder rejected the schedule.';
const badName = 'Coder rejected the name.';
const taken = 'This name is already taken.';
const badTtl = 'Coder rejected the time before autostop.';
const noCancel = "Couldn't cancel the build. It has moved on, has finished, or is already being canceled.";
const tooSoon = "The new stop time isn't allowed. It must be at least 30 minutes from now and within the limits.";
const notExtendable =
  'The stop time can be changed only while the workspace is running, has no build in progress, and has a scheduled stop.';
const busy = 'Another build of this workspace is in progress, or the workspace is deleted.';
const badBuild = 'Coder rejected the template version or the parameter values.';
const badCreate = "Couldn't create the workspace.";
const noRename =
  "Couldn't rename the workspace. Renaming is turned off on this deployment, or the workspace is deleted.";
const importing = 'The template is still being imported, or its import failed.';
const unknownRoute = "This deployment doesn't support this. It may be an older version or another edition.";

/**
 * Our sentence for each recorded refusal. One key stands for both ages, so that the same cause reads the same in both,
 * whatever status each gives it; a key with an age is for what only happens there.
 */
const sentences: Readonly<Record<string, string>> = {
  'autostart-day-of-month': badSchedule,
  'autostart-descriptor': badSchedule,
  'autostart-invalid': badSchedule,
  'autostart-local-tz': badSchedule,
  'autostart-six-fields': badSchedule,
  'aws-identity-empty': 'Coder rejected these values: signature, document.',
  'aws-identity-rejected': badIdentity,
  'azure-identity-empty': 'Coder rejected these values: signature, encoding.',
  'azure-identity-rejected': badIdentity,
  'build-bad-log-level': noWorkspace,
  'build-bad-reason': badBuild,
  'build-bad-transition': badBuild,
  'build-conflict': busy,
  'build-failed-import': badBuild,
  'build-immutable-parameter': badBuild,
  'build-log-level-refused': badBuild,
  'v2 build-on-deleted': busy,
  'build-other-member': noWorkspace,
  'build-unknown': noBuild,
  'build-unknown-version': badBuild,
  'builds-after-unknown': 'Coder rejected the request.',
  'cancel-again': noCancel,
  'cancel-completed': noCancel,
  'cancel-expect-bad': noCancel,
  'cancel-expect-mismatch': noCancel,
  'cancel-forbidden-by-template': "This template doesn't let its users cancel builds.",
  'cancel-other-member': noBuild,
  'extend-no-deadline': 'Coder rejected the stop time.',
  'extend-not-a-time': tooSoon,
  'extend-other-member': noWorkspace,
  'extend-past': tooSoon,
  'extend-stopped': notExtendable,
  'extend-too-soon': tooSoon,
  'extend-while-building': notExtendable,
  'favorite-other-member': noWorkspace,
  'first-user-missing': noUser,
  'google-identity-empty': 'Coder rejected “json_web_token”.',
  'google-identity-rejected': badIdentity,
  'listening-ports-not-connected': "The agent isn't connected.",
  'login-bad-password': 'Coder rejected this email address and password.',
  'logs-after-not-a-number': 'Coder rejected “after”.',
  'logs-follow-false-plain-get': 'Coder rejected the request.',
  'long-token-same-name': taken,
  'long-token-too-long': "Couldn't create the token.",
  'me-logged-out': badToken,
  'me-malformed-token': badToken,
  'me-no-token': badToken,
  'me-unknown-token': badToken,
  'v2 quiet-hours': unknownRoute,
  'rate-limited': 'HOST is limiting requests. Try again in 60 s.',
  'v2 rename': noRename,
  'rename-bad': badName,
  'rename-deleted': noRename,
  'rename-empty': badName,
  'v2 rename-same': noRename,
  'v0 rename-taken': taken,
  'v2 rename-taken': noRename,
  'rename-too-long': badName,
  'renames-allowed-rename-bad': badName,
  'renames-allowed-rename-deleted': noRename,
  'renames-allowed-rename-taken': taken,
  'resources-while-running': 'The resources are available once the build has finished.',
  'rich-parameters-v0': unknownRoute,
  'rich-parameters-while-importing': importing,
  'schema-while-importing': importing,
  'ttl-text': "Couldn't change the time before autostop.",
  'ttl-too-long': badTtl,
  'ttl-too-short': badTtl,
  'user-unknown': noUser,
  'workspace-bad-flag': 'Coder rejected “deleted”.',
  'workspace-bad-uuid': 'Coder rejected the request.',
  'workspace-by-name-deleted': noWorkspace,
  'workspace-by-name-missing': noWorkspace,
  'workspace-create-bad-name': badName,
  'workspace-create-bad-schedule': badSchedule,
  'workspace-create-bad-template-uuid': badCreate,
  'workspace-create-dynamic-invalid': 'Coder rejected “size”.',
  'workspace-create-failed-import': badCreate,
  'workspace-create-malformed-json': badCreate,
  'workspace-create-missing-parameter': badCreate,
  'workspace-create-name-taken': taken,
  'workspace-create-no-name': badName,
  'workspace-create-parameter-option': badCreate,
  'workspace-create-parameter-range': badCreate,
  'workspace-create-parameter-regex': badCreate,
  'workspace-create-reserved-name': badName,
  'workspace-create-template-and-version': 'Coder rejected these values: template, template version.',
  'workspace-create-ttl-too-short': badTtl,
  'workspace-create-unknown-template': 'Coder rejected the template.',
  'workspace-deleted': 'The workspace is deleted.',
  'workspace-other-member': noWorkspace,
  'workspace-unknown': noWorkspace,
  'workspaces-limit-negative': badSearch,
  'workspaces-limit-not-a-number': badSearch,
  'workspaces-q-bad-status': badSearch,
  'workspaces-q-two-colons': badSearch,
  'workspaces-q-unknown-key': badSearch,
};

/** What the client makes a fact of, not an error. */
const facts = ['dormant-unchanged', 'quota', 'quota-agpl'];

interface Words {
  readonly message?: string;
  readonly detail?: string;
  readonly validations?: readonly { readonly field: string; readonly detail: string }[];
}

/** What must be there of the server's own words: its sentence, its reason, and what it says about each field. */
const ownWords = ({ response }: Exchange): string[] => {
  const { message, detail, validations = [] } = response.body as Words;
  const isTechnical = response.status === 401;
  return [message, isTechnical ? undefined : detail, ...validations.map((each) => each.detail)].filter(
    (words) => words !== undefined,
  );
};

describe('what a person reads of each recorded refusal', async () => {
  const replay = await startReplay();
  const seen = new Set<string>();

  for (const age of ['v0', 'v2'] as const) {
    for (const name of exchangeNames(age)) {
      const recorded = exchange(age, name);
      const call = callFor(recorded);
      if (recorded.response.status < 300 || call === undefined || facts.includes(name)) continue;
      test(`${age} ${name}`, async () => {
        replay.answer(replying(recorded));
        const error = await call(new CoderClient({ url: replay.url, token: 'key-secret' }), soon()).then(
          () => assert.fail('nothing was refused'),
          (thrown: unknown) => thrown as Error,
        );
        const key = `${age} ${name}` in sentences ? `${age} ${name}` : name;
        seen.add(key);
        const ours = sentences[key];
        assert.ok(ours, `no sentence is expected for ${age} ${name}: ${error.message}`);
        const message = error.message.replace(new URL(replay.url).host, 'HOST');
        assert.ok(message.startsWith(ours), `${message}\ndoes not begin with\n${ours}`);
        if (ours === unknownRoute) return;
        for (const words of ownWords(recorded)) assert.ok(message.includes(words), `${message}\nlacks\n${words}`);
        assert.doesNotMatch(message, /https?:|undefined|null|NaN|\[object/);
      });
    }
  }

  test('every expected sentence belongs to a recording', () => {
    assert.deepEqual(
      Object.keys(sentences).filter((key) => !seen.has(key)),
      [],
    );
  });
});
