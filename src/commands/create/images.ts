import type { DeploymentUrl } from '../../api/address.ts';
import type { ImageOf } from '../../model/parameters.ts';

/**
 * The address of an image that the deployment itself serves (`/icon/k8s.png`). Others are left out, because their servers
 * would learn who uses the template. VS Code shows no images over plain HTTP.
 */
export const imagesOf =
  ({ href, secure }: DeploymentUrl): ImageOf =>
  (icon) =>
    secure && /^\/[\w-]+\/[\w.%-]+$/.test(icon) ? href + icon : undefined;
