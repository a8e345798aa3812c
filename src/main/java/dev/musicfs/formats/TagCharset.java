package dev.musicfs.formats;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Text whose encoding is not said, or said wrongly: what should be Latin-1 in ID3 and in RIFF is UTF-8, what the machine of
 * its writer used, or Latin-1. UTF-8 is told for certain. Else it is the configured one, or guessed: Shift-JIS where the
 * bytes make sense so and kana are among them, Windows-1251 where there are nearly no letters but those above 0xC0 (Latin
 * text has its vowels with accents, not all its letters), else Windows-1252, which is Latin-1 with more letters.
 */
record TagCharset(Optional<Charset> fallback) {
    /** Where nothing is configured. */
    static final TagCharset GUESSED = new TagCharset(Optional.empty());

    private static final Charset WINDOWS_1252 = named("windows-1252");
    private static final Charset WINDOWS_1251 = named("windows-1251");
    private static final Charset SHIFT_JIS = named("windows-31j");
    private static final int LEAST_LETTERS = 3;

    private static Charset named(String name) {
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
    }

    String decode(byte[] bytes) {
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return strict(bytes, StandardCharsets.UTF_8)
                .or(() -> fallback.map(charset -> new String(bytes, charset)))
                .or(() -> strict(bytes, SHIFT_JIS).filter(TagCharset::isJapanese))
                .orElseGet(() -> new String(bytes, isCyrillic(bytes) ? WINDOWS_1251 : WINDOWS_1252));
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> strict(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Full kana or two ideographs and more; half-width kana are what any Latin text looks like. */
    private static boolean isJapanese(String text) {
        long kana = text.codePoints().filter(c -> c >= 0x3041 && c <= 0x30FE).count();
        return kana >= 2;
    }

    private static boolean isCyrillic(byte[] bytes) {
        int high = 0;
        int low = 0;
        for (byte each : bytes) {
            int value = each & 0xFF;
            if (value >= 0xC0 || value == 0xA8 || value == 0xB8) {
                high++;
            } else if (Character.isLetter(value) && value < 0x80) {
                low++;
            }
        }
        return high >= LEAST_LETTERS && high > 2 * low;
    }
}
