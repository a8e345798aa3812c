package dev.musicfs.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Where a file lies inside its origin: names joined by {@code /}, relative to the origin's root, the root itself empty.
 *
 * <p>A name is bytes on a disk. Bytes that are not UTF-8 are kept as lone surrogates U+DC80 to U+DCFF, as Python's
 * {@code surrogateescape} (PEP 383) does, so that every name can be turned back into the bytes it came from.
 *
 * @param value no leading or trailing slash, no empty, {@code .} or {@code ..} name, no NUL
 */
public record RealPath(String value) implements Comparable<RealPath> {
    /** The origin's root directory. */
    public static final RealPath ROOT = new RealPath("");

    /** Refuses a path that could lead out of the origin. */
    public RealPath {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path holds a NUL byte");
        }
        if (!value.isEmpty()) {
            for (String name : value.split("/", -1)) {
                if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                    throw new IllegalArgumentException("not a path inside an origin: \"" + value + "\"");
                }
            }
        }
    }

    /** From the bytes of an origin's own path. */
    public static RealPath ofBytes(byte[] bytes) {
        return new RealPath(decode(bytes));
    }

    /** The bytes this path stands for. */
    public byte[] toBytes() {
        return encode(value);
    }

    /** The entry {@code name} of this directory. */
    public RealPath resolve(String name) {
        return new RealPath(isRoot() ? name : value + "/" + name);
    }

    /** The directory this lies in; the root for a top-level entry and for the root itself. */
    public RealPath parent() {
        int slash = value.lastIndexOf('/');
        return slash < 0 ? ROOT : new RealPath(value.substring(0, slash));
    }

    /** The last name; empty for the root. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** The name's extension in lower case without the dot; empty when it has none or starts with its only dot. */
    public String extension() {
        String name = name();
        int dot = name.lastIndexOf('.');
        return dot < 1 ? "" : name.substring(dot + 1).toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether this is the origin's root. */
    public boolean isRoot() {
        return value.isEmpty();
    }

    @Override
    public int compareTo(RealPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Bytes to text, what is not UTF-8 as lone surrogates. */
    public static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return SurrogateEscape.decode(bytes);
        }
    }

    /** Text to the bytes it was decoded from. */
    public static byte[] encode(String text) {
        return SurrogateEscape.isEscaped(text) ? SurrogateEscape.encode(text) : text.getBytes(StandardCharsets.UTF_8);
    }
}
