import { networkInterfaces } from 'node:os';

/** This machine's own addresses, as one text: another one means another network, a cable, a VPN. */
export const networkAddresses = (): string =>
  Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses.flatMap(({ address, internal }) => (internal ? [] : [address])))
    .sort()
    .join(' ');
