/** Looking into schemas: the object they take at a path, and where they would let a field pass that they do not know. */
import * as z from 'zod';

/** What a schema takes where it is given: without optional, nullable, default and the like around it. */
export const unwrapped = (schema: z.ZodType): z.ZodType => {
  let inner = schema;
  for (;;) {
    const next = insideOf(inner);
    if (!next) return inner;
    inner = next;
  }
};

/** What is behind a wrapper, or what a pipe takes: where something is looked at before it is parsed, what parses it. */
const insideOf = (schema: z.ZodType): z.ZodType | undefined => {
  const { innerType, in: input, out } = schema.def as { [Name in 'innerType' | 'in' | 'out']?: z.ZodType };
  return innerType ?? (input instanceof z.ZodTransform ? out : input);
};

/** The schema at a path of field names and list indexes; null where the path leads nowhere. */
export const schemaAt = (schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | null => {
  const own = unwrapped(schema);
  const [step, ...rest] = path;
  if (step === undefined) return own;
  const next =
    own instanceof z.ZodObject
      ? own.shape[String(step)]
      : own instanceof z.ZodArray
        ? (own.element as z.ZodType)
        : null;
  return next ? schemaAt(next, rest) : null;
};

/** Names of the fields that a schema takes at a path; none where it takes no object there. */
export const fieldsAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
};

/** Paths at which a schema takes an object with fields it does not know; empty where it is strict all through. */
export const openObjects = (schema: z.ZodType, path = ''): string[] => {
  const own = unwrapped(schema);
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (own instanceof z.ZodObject) {
    const isStrict = (own.def.catchall as z.ZodType | undefined) instanceof z.ZodNever;
    const inside = Object.entries(own.shape).flatMap(([name, field]) => openObjects(field, at(name)));
    return isStrict ? inside : [path, ...inside];
  }
  if (own instanceof z.ZodArray) return openObjects(own.element as z.ZodType, at('[]'));
  if (own instanceof z.ZodUnion)
    return own.options.flatMap((option, i) => openObjects(option as z.ZodType, at(`<${i}>`)));
  const isClosed = !(own instanceof z.ZodRecord || own instanceof z.ZodUnknown || own instanceof z.ZodAny);
  return isClosed ? [] : [path];
};
