import { list, openWord, text } from './lenient.ts';
import { object, type Output } from './schema.ts';

/** Contract 4.4. The key of the groups is singular. */
const Sharer = object({ id: text, role: openWord<'use' | 'admin'>() });
export const Acl = object({ users: list(Sharer), group: list(Sharer) });
export type Acl = Output<typeof Acl>;
