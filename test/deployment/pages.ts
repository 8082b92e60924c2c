/** The few pages of HTML: the dashboard's shell, the page that shows a token, a stranger's sign-on page. */

export const dashboardPage = '<!doctype html><html><body></body></html>';

export const signOnPage =
  '<!doctype html><html><head><title>Example sign-on</title></head><body><form>Please sign in</form></body></html>';

export const gatewayPage = (status: number): string =>
  `<html><head><title>${status}</title></head><body><center><h1>${status} from the gateway</h1></center></body></html>`;

/** What a browser shows at `/cli-auth` to somebody who is signed in. */
export const tokenPage = (token: string): string =>
  `<!doctype html><html><head><title>Session token</title></head><body><h1>Session token</h1>` +
  `<p>Copy this token into your editor:</p><pre id="token">${token}</pre></body></html>`;
