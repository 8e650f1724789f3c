/** Introspects schemas: the object accepted at a path, and objects that would accept unknown fields. */
import * as z from 'zod';

/** A schema without wrappers such as optional, nullable and default. */
export const unwrapped = (schema: z.ZodType): z.ZodType => {
  let inner = schema;
  for (;;) {
    const next = insideOf(inner);
    if (!next) return inner;
    inner = next;
  }
};

/** The schema inside a wrapper, or the input side of a pipe (the output side of a preprocess). */
const insideOf = (schema: z.ZodType): z.ZodType | undefined => {
  const { innerType, in: input, out } = schema.def as { [Name in 'innerType' | 'in' | 'out']?: z.ZodType };
  return innerType ?? (input instanceof z.ZodTransform ? out : input);
};

/** The schema at a path of field names and list indexes; null if there is none. */
const schemaAt = (schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | null => {
  const own = unwrapped(schema);
  const [step, ...rest] = path;
  if (step === undefined) return own;
  if (own instanceof z.ZodUnion) {
    for (const option of own.options) {
      const found = schemaAt(option as z.ZodType, path);
      if (found) return found;
    }
    return null;
  }
  const next =
    own instanceof z.ZodObject
      ? own.shape[String(step)]
      : own instanceof z.ZodArray
        ? (own.element as z.ZodType)
        : own instanceof z.ZodRecord
          ? (own.valueType as z.ZodType)
          : null;
  return next ? schemaAt(next, rest) : null;
};

/** Field names of the object at a path, of all forms that it may have; empty if there is no object. */
export const fieldsAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  const found = schemaAt(schema, path);
  const forms =
    found instanceof z.ZodUnion ? found.options.map((one) => unwrapped(one as z.ZodType)) : [found];
  return [...new Set(forms.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : [])))];
};

/** The forms of what may have several, at a path; empty elsewhere. */
export const formsAt = (schema: z.ZodType, path: readonly PropertyKey[]): readonly z.ZodType[] => {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodUnion ? found.options.map((one) => one as z.ZodType) : [];
};

/** Paths of objects that accept unknown fields; empty if the schema is strict throughout. */
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
  if (own instanceof z.ZodRecord) return openObjects(own.valueType as z.ZodType, at('*'));
  const isClosed = !(own instanceof z.ZodUnknown || own instanceof z.ZodAny);
  return isClosed ? [] : [path];
};
