/** Schemas as the OpenAPI document has them: those with an id are named components, and every use refers to them. */
import * as z from 'zod';
import { queryNumbers } from '../schemas/common.ts';

export type Json = Record<string, unknown>;
/** Input or output: a default makes a field optional only in the input. */
export type Direction = 'input' | 'output';

export interface NamedSchemas {
  /** A schema, or a reference to it. */
  of(schema: z.ZodType, direction: Direction): Json;
  /** Those that were referred to, by their names. */
  readonly components: Readonly<Record<string, Json>>;
}

const DEFINED = '#/$defs/';

export const namedSchemas = (): NamedSchemas => {
  const components: Record<string, Json> = {};
  return {
    components,
    of: (schema, direction) => {
      const { $schema: _, $defs = {}, ...own } = made(schema, direction);
      for (const [name, definition] of Object.entries($defs as Record<string, Json>)) {
        const component = referring(definition) as Json;
        const known = components[name];
        if (known && JSON.stringify(known) !== JSON.stringify(component))
          throw new Error(`two schemas are named ${name}`);
        components[name] = component;
      }
      return referring(own) as Json;
    },
  };
};

const made = (schema: z.ZodType, io: Direction): Json =>
  z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const bounds = queryNumbers.get(zodSchema);
      if (bounds) {
        const { description } = jsonSchema;
        for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
        Object.assign(jsonSchema, { type: 'integer', ...bounds, ...(description ? { description } : {}) });
      }
      const { prefixItems, items } = jsonSchema;
      // Allowed without it, but not everywhere understood.
      if (prefixItems && items === undefined) Object.assign(jsonSchema, { items: { anyOf: prefixItems } });
      // Answers may get more fields in a later release, except where they repeat the request.
      const isOpen = zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined;
      if (io === 'output' && isOpen && jsonSchema.additionalProperties === false)
        Reflect.deleteProperty(jsonSchema, 'additionalProperties');
    },
  });

/** Rewrites zod's references to definitions as references to the document's components. */
const referring = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(referring);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string'
        ? inner.replace(DEFINED, '#/components/schemas/')
        : referring(inner),
    ]),
  );
};
