import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { imagesOf } from '../../src/model/parameters.ts';

test('Only pictures that the deployment itself serves are shown, and none over plain HTTP', () => {
  const imageOf = imagesOf(parseDeploymentUrl('https://coder.example.com/prefix/'));
  assert.equal(imageOf('/icon/k8s.png'), 'https://coder.example.com/prefix/icon/k8s.png');
  assert.equal(imageOf('/emojis/1f1ea-1f1fa.png'), 'https://coder.example.com/prefix/emojis/1f1ea-1f1fa.png');
  for (const odd of [
    '',
    'https://tracker.example.com/x.png',
    '//tracker.example.com/x.png',
    '/icon/../api/v2/x',
    'x.png',
  ])
    assert.equal(imageOf(odd), undefined, odd);
  assert.equal(imagesOf(parseDeploymentUrl('http://127.0.0.1:3000'))('/icon/k8s.png'), undefined);
});
