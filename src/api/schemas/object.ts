import { ZodMiniType, type ZodMiniObject } from 'zod/mini';
import { $constructor, $ZodObjectJIT, type $ZodShape } from 'zod/v4/core';

/**
 * An object with these keys: that of full zod, which compiles itself on first use, with the methods of mini. It decodes a
 * long list in half the time of mini's, for 3 KB. Where code may not be compiled, it works like mini's.
 */
export const object = <Shape extends $ZodShape>(shape: Shape) =>
  new CompiledObject({ type: 'object', shape }) as ZodMiniObject<Shape>;

const CompiledObject = $constructor<ZodMiniObject>('CompiledObject', (schema, definition) => {
  $ZodObjectJIT.init(schema, definition);
  ZodMiniType.init(schema, definition);
});
