// What only the first age has: values that are never sent back, and Terraform's own types.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latestBuild, must } from '../deployment/store.ts';
import { choose, type as enter } from '../scriptedUi.ts';
import { rowsOf, seeing } from './create-fixture.ts';
import { stored, valuesOf } from './newer-version.ts';
import { verbsOn } from './verb-fixture.ts';

describe('Start with Parameters (v0)', () => {
  test('asks for all without showing values, sends what was entered, and keeps what was left empty', async () => {
    const verbs = await verbsOn({ age: 'v0' });
    latestBuild(stored(verbs, 'archive')).parameters = [
      { name: 'region', value: 'eu' },
      { name: 'size', value: 'large' },
    ];
    const keeps = / · Leave it empty to keep the current value\.$/;
    verbs.ui.answers(
      seeing((question) => {
        assert.match(('placeholder' in question && question.placeholder) || '', keeps);
        assert.deepEqual(
          rowsOf(question).map(({ label }) => label),
          ['ap', 'eu', 'us', 'empty'],
        );
      }, choose('empty')),
      seeing((question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.match(question.prompt ?? '', keeps);
        assert.deepEqual([question.value, question.placeholder], ['', 'size'], 'required, and yet kept');
      }, enter('')),
      enter('hunter2'),
    );
    await verbs.run('startWithParameters', verbs.id('archive'));
    assert.deepEqual(verbs.ui.unused, 0);
    assert.match(verbs.ui.said.join(), /^archive started in /);
    assert.deepEqual(valuesOf(verbs, 'archive'), { region: 'eu', size: 'large', token: 'hunter2' });
  });

  test('mends a start that failed because of a value', async () => {
    const verbs = await verbsOn({ age: 'v0' });
    const { store } = verbs.deployment;
    const broken = stored(verbs, 'broken');
    const dev = must(store.versions, latestBuild(stored(verbs, 'archive')).versionId);
    must(store.versions, latestBuild(broken).versionId).spec = {
      ...dev.spec,
      legacyParameters: dev.spec.legacyParameters.filter(({ name }) => name === 'size'),
    };
    verbs.ui.answers(enter('small'));
    await verbs.run('startWithParameters', verbs.id('broken'));
    assert.match(verbs.ui.said.join(), /^broken started in /);
    assert.deepEqual(valuesOf(verbs, 'broken'), { size: 'small' });
  });
});
