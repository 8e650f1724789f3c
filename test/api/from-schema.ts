/** Values drawn from a JSON Schema as the OpenAPI document has it: mostly what it allows, sometimes anything at all. */
import fc from 'fast-check';

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** A schema with what its references lead to in their place. */
export const resolved = (schema: unknown, components: Readonly<Record<string, unknown>>): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => resolved(one, components));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref } = schema as { readonly $ref?: string };
  if ($ref !== undefined) return resolved(components[$ref.slice($ref.lastIndexOf('/') + 1)], components);
  return Object.fromEntries(
    Object.entries(schema).map(([name, inner]) => [name, resolved(inner, components)]),
  );
};

const wild: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    '',
    ' ',
    '0',
    -1,
    2 ** 53,
    1e308,
    1.5,
    '9'.repeat(400),
    '\u0000',
    '💥'.repeat(60),
    '../../etc/passwd',
    '__proto__',
    [],
    {},
    true,
  ),
);

/** Values that mean something here, so that requests get past the first check. */
const KNOWN = [
  'acme',
  'other',
  'nobody',
  'face-recognition',
  'face-recognition/compare',
  'ocr/id-card',
  '2019-01',
  '2019-02',
  '2019-01-05T08:00:00+08:00',
  '100.00',
  '/gateway/1',
  'record-1',
  'prohibited',
  'pack-000001',
  'day',
  'record',
];

/** An arbitrary of a schema's values; `noise` in a thousand are anything. */
export const valuesOf = (schema: Schema, noise = 80): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 1_000 - noise, arbitrary: allowed(schema, noise) }, { weight: noise, arbitrary: wild });

const allowed = (schema: Schema, noise: number): fc.Arbitrary<unknown> => {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(choice, noise)));
  switch (schema.type) {
    case 'object':
      return objects(schema, noise);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, noise), { maxLength: 4 });
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.constantFrom(schema.minimum ?? 0, (schema.minimum ?? 0) + 1, 10, 1_000, 1_000_000),
        fc.integer({
          min: Math.max(schema.minimum ?? 0, -(2 ** 31)),
          max: Math.min(schema.maximum ?? 2 ** 31, 2 ** 31),
        }),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...KNOWN) },
        { weight: 1, arbitrary: schema.pattern ? patterned(schema.pattern) : fc.string({ maxLength: 40 }) },
      );
    default:
      return wild;
  }
};

const patterned = (pattern: string): fc.Arbitrary<string> => {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return fc.string({ maxLength: 20 });
  }
};

const objects = ({ properties = {}, required = [] }: Schema, noise: number): fc.Arbitrary<unknown> =>
  fc
    .record(
      Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema, noise)])),
      { requiredKeys: [...required] },
    )
    .chain((value) =>
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(value) },
        {
          weight: 1,
          arbitrary: fc.record({ [`x${required.length}`]: wild }).map((more) => ({ ...value, ...more })),
        },
      ),
    );
