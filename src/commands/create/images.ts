import type { DeploymentUrl } from '../../api/address.ts';
import type { ImageOf } from '../../model/parameters.ts';

/**
 * The address of a picture that the deployment itself serves (`/icon/k8s.png`). Others are left out: whoever serves them
 * would hear who looks. VS Code draws none over plain HTTP.
 */
export const imagesOf =
  ({ href, secure }: DeploymentUrl): ImageOf =>
  (icon) =>
    secure && /^\/[\w-]+\/[\w.%-]+$/.test(icon) ? href + icon : undefined;
