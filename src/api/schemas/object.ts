import { ZodMiniType, type ZodMiniObject } from 'zod/mini';
import { $constructor, $ZodObjectJIT, type $ZodShape } from 'zod/v4/core';

/**
 * A thing with these keys. It is the object of full zod, which compiles itself when it is first used, with no more than
 * mini around it: a long list is read in half the time of mini's, for 3 KB. Where code may not be compiled it reads as
 * mini's does.
 */
export const object = <Shape extends $ZodShape>(shape: Shape) =>
  new CompiledObject({ type: 'object', shape }) as ZodMiniObject<Shape>;

const CompiledObject = $constructor<ZodMiniObject>('CompiledObject', (schema, definition) => {
  $ZodObjectJIT.init(schema, definition);
  ZodMiniType.init(schema, definition);
});
