/** What the deployment says of itself. */
import { formatStamp } from '../clock.ts';
import { json } from '../exchange.ts';
import { newId } from '../ids.ts';
import type { Router } from '../router.ts';
import { must } from '../store.ts';

export function addDeploymentRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;

  router.on('GET', '/', () => json(200, { message: '👋' }), { open: true });
  router.on('GET', '/buildinfo', ({ wire, accessUrl }) => json(200, wire.buildInfo(accessUrl())), { open: true });
  router.on(
    'GET',
    '/updatecheck',
    ({ store }) => json(200, { current: true, version: store.age.version, url: store.age.releaseUrl }),
    { open: true },
  );
  router.on('GET', '/applications/host', () => json(200, { host: '' }));
  router.on('GET', '/experiments', () => json(200, []), v2);
  router.on(
    'GET',
    '/deployment/ssh',
    () => json(200, { hostname_prefix: 'coder.', hostname_suffix: 'coder', ssh_config_options: {} }),
    v2,
  );
  router.on(
    'GET',
    '/regions',
    ({ store, accessUrl }) =>
      json(200, {
        regions: [
          {
            id: store.deploymentId,
            name: 'primary',
            display_name: 'Default',
            icon_url: '/emojis/1f3e1.png',
            healthy: true,
            path_app_url: accessUrl(),
            wildcard_hostname: '',
          },
        ],
      }),
    v2,
  );
  const accountCreated = newId();
  router.on(
    'GET',
    '/notifications/inbox',
    ({ store, accessUrl }, call) => {
      const mine = store.newUsers.filter((item) => item.toldId === call.user.id);
      const notifications = mine.map((item) => {
        const about = must(store.users, item.aboutId);
        const name = about.name === '' ? about.username : about.name;
        return {
          id: item.id,
          user_id: item.toldId,
          template_id: accountCreated,
          targets: [item.aboutId],
          title: `User account "${about.username}" created`,
          content: `New user account **${about.username}** has been created for **${name}**.`,
          icon: 'DEFAULT_ICON_ACCOUNT',
          actions: [{ label: 'View accounts', url: `${accessUrl()}/deployment/users?filter=status%3Aactive` }],
          read_at: null,
          created_at: formatStamp(item.at),
        };
      });
      return json(200, { notifications, unread_count: notifications.length });
    },
    v2,
  );
}
