package dev.musicfs.origin.s3;

import dev.musicfs.origin.wire.Percent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Keys of objects, which are UTF-8, in URLs and listings. */
final class Keys {
    private Keys() {}

    /** Percent-encoded as SigV4 wants it: everything but letters, digits and {@code -._~}; with or without slashes. */
    static String encode(String key, boolean slashesStay) {
        return Percent.encode(
                key.getBytes(StandardCharsets.UTF_8), slashesStay ? Percent.UNRESERVED + "/" : Percent.UNRESERVED);
    }

    /**
     * The text that was encoded.
     *
     * @param plusIsSpace as in listings, where a space is {@code +}
     * @throws IllegalArgumentException for what is no encoding of UTF-8
     */
    static String decode(String text, boolean plusIsSpace) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(Percent.decode(text, true, plusIsSpace)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }
}
