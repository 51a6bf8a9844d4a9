/** AES-256-GCM: what is sealed for one name cannot be opened, or put in the place of another, without its key. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import * as t from 'io-ts';

export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text, with the key it is sealed with by its id. */
export const Sealed = t.readonly(t.strict({ key: t.string, iv: t.string, tag: t.string, text: t.string }), 'Sealed');
export type Sealed = t.TypeOf<typeof Sealed>;

/** A key and how it is named beside what it sealed. */
export interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

const ID_LENGTH = 16;
/** The id says which key it is and nothing of the key: it is cut from a hash. */
export const keyOf = (bytes: Buffer): Key => ({ id: createHash('sha256').update('blockledger key id').update(bytes).digest('hex').slice(0, ID_LENGTH), bytes });

/** Seals a text for a name. */
export const seal = (key: Key, name: string, text: string): Sealed => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { key: key.id, iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: sealed.toString('base64') };
};

/** Opens what was sealed for a name; undefined where key, name or text is another. */
export const unseal = (key: Key, name: string, { iv, tag, text }: Sealed): string | undefined => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64'), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
