/** Shared ports of a workspace (contract 4.4). */
import { empty, invalid, json, notFound, optionalNumber, optionalText, readBody, requireFields } from '../exchange.ts';
import type { Router } from '../router.ts';
import { workspaceParam } from './params.ts';

export function addPortShareRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;
  const path = '/workspaces/:workspace/port-share';
  const shown = (
    workspaceId: string,
    share: { agentName: string; port: number; shareLevel: string; protocol: string },
  ) => ({
    workspace_id: workspaceId,
    agent_name: share.agentName,
    port: share.port,
    share_level: share.shareLevel,
    protocol: share.protocol,
  });
  router.on(
    'GET',
    path,
    (engine, call) => {
      const { id, portShares } = workspaceParam(engine, call);
      return json(200, { shares: portShares.map((share) => shown(id, share)) });
    },
    v2,
  );
  router.on(
    'POST',
    path,
    (engine, call) => {
      const workspace = workspaceParam(engine, call);
      const body = readBody(call);
      requireFields(body, ['agent_name', 'port', 'share_level', 'protocol']);
      const share = {
        agentName: optionalText(body, 'agent_name') ?? '',
        port: optionalNumber(body, 'port') ?? 0,
        shareLevel: optionalText(body, 'share_level') ?? '',
        protocol: optionalText(body, 'protocol') ?? '',
      };
      if (!['authenticated', 'organization', 'public'].includes(share.shareLevel))
        throw invalid('Port sharing level not allowed.', 'share_level');
      if (share.port < 9 || share.port > 65_535) throw invalid('Port out of range.', 'port');
      if (share.protocol !== 'http' && share.protocol !== 'https')
        throw invalid('Port protocol not allowed.', 'protocol');
      workspace.portShares = workspace.portShares.filter(
        (known) => known.agentName !== share.agentName || known.port !== share.port,
      );
      workspace.portShares.push(share);
      return json(200, shown(workspace.id, share));
    },
    v2,
  );
  router.on(
    'DELETE',
    path,
    (engine, call) => {
      const workspace = workspaceParam(engine, call);
      const body = readBody(call);
      const kept = workspace.portShares.filter(
        (share) => share.agentName !== body.agent_name || share.port !== body.port,
      );
      if (kept.length === workspace.portShares.length) throw notFound();
      workspace.portShares = kept;
      return empty(200);
    },
    v2,
  );
}
