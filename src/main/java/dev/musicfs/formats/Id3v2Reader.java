package dev.musicfs.formats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The texts of an ID3v2.2, 2.3 or 2.4 tag. Frames that nobody asks for, pictures above all, are passed over and not loaded;
 * a frame that makes no sense loses itself alone. Frames of 2.2 that are found in a later tag stand in for missing ones.
 */
final class Id3v2Reader {
    /** Names are cut at a kilobyte; nothing longer is a name. */
    private static final int MAX_TEXT_BYTES = 16 << 10;

    /** An unsynchronised tag can only be read from its beginning. */
    private static final int MAX_UNSYNCHRONISED_BYTES = 1 << 20;

    private static final int MAX_FRAMES = 4096;

    private final TextTags frames = new TextTags(Field.Spelling.ID3);
    private final TextTags oldFrames = new TextTags(Field.Spelling.OLD_ID3);
    private final TextTags user = new TextTags();
    private final TagCharset charset;

    private Id3v2Reader(TagCharset charset) {
        this.charset = charset;
    }

    /**
     * The tag at {@code at} that ends before {@code end}, both in the file.
     *
     * @param found what it has is added here as it is read, so that it is kept when the rest makes no sense
     */
    static void read(LayoutBytes bytes, long at, long end, TagCharset charset, List<FieldSource> found)
            throws ParsingStopped {
        Id3v2Reader reader = new Id3v2Reader(charset);
        found.addAll(List.of(reader.frames, reader.oldFrames, reader.user));
        int version = bytes.u8(at + 3);
        int flags = bytes.u8(at + 5);
        long from = at + Id3v2Layout.HEADER_BYTES;
        if (version == 2 && (flags & 0x40) != 0) {
            throw ParsingStopped.malformed("a compressed ID3v2.2 tag, which nothing can read");
        }
        if (version < 4 && (flags & 0x80) != 0) {
            byte[] plain = synchronised(bytes.bytesUpTo(from, end - from, MAX_UNSYNCHRONISED_BYTES));
            reader.walk(LayoutBytes.of(plain), 0, plain.length, version, flags);
        } else {
            reader.walk(bytes, from, Math.min(end, bytes.size()), version, flags);
        }
    }

    private void walk(LayoutBytes bytes, long from, long end, int version, int flags) throws ParsingStopped {
        int headerBytes = version == 2 ? 6 : 10;
        long at = from;
        boolean extended = version > 2 && (flags & 0x40) != 0 && end - at >= 4;
        // Some writers set the flag and write no such header.
        if (extended && !Id3v2Layout.isFrame(bytes, at, end, version)) {
            long length = bytes.u32(at);
            at += version == 3 ? 4 + length : Math.max(0, Id3v2Layout.syncSafe(length));
        }
        for (int i = 0; i < MAX_FRAMES && at < end && Id3v2Layout.isFrame(bytes, at, end, version); i++) {
            long data = at + headerBytes;
            long length = Id3v2Layout.lengthOf(bytes, at, end, version);
            if (length < 0 || length > end - data) {
                // Cut off, or a length that is none: what is there of it is no text that could be trusted.
                throw ParsingStopped.malformed("an ID3v2 frame longer than its tag");
            }
            frame(bytes, at, data, length, version, flags);
            at = data + length;
        }
    }

    private void frame(LayoutBytes bytes, long at, long data, long length, int version, int flags)
            throws ParsingStopped {
        String id = bytes.name(at, version == 2 ? 3 : 4);
        boolean old = version == 2 || id.charAt(3) == ' ' || id.charAt(3) == '\0';
        String key = old ? id.substring(0, 3) : id;
        boolean userText = key.equals("TXXX") || key.equals("TXX");
        TextTags tags = old ? oldFrames : frames;
        if (length < 1 || !(userText || tags.wants(key))) {
            return;
        }
        byte[] content = content(bytes, at, data, length, version, flags);
        if (content.length < 2) {
            return;
        }
        int encoding = content[0];
        byte[] text = Arrays.copyOfRange(content, 1, content.length);
        if (userText) {
            String all = decoded(encoding, text);
            int nul = all.indexOf('\0');
            if (nul > 0) {
                user.add(all.substring(0, nul), all.substring(nul + 1));
            }
        } else {
            String value = decoded(encoding, text);
            tags.add(key, key.startsWith("TCO") && !key.equals("TCOM") ? genres(value) : value);
        }
    }

    private static String genres(String values) {
        StringBuilder meant = new StringBuilder();
        for (String value : values.split("\0", -1)) {
            meant.append(meant.isEmpty() ? "" : "\0").append(Genres.ofFrame(value));
        }
        return meant.toString();
    }

    /** As it was before flags of the frame changed it; empty when that cannot be told. */
    private static byte[] content(LayoutBytes bytes, long at, long data, long length, int version, int tagFlags)
            throws ParsingStopped {
        if (version == 2) {
            return bytes.bytesUpTo(data, length, MAX_TEXT_BYTES);
        }
        int flags = bytes.u8(at + 9);
        boolean encrypted = (flags & (version == 3 ? 0x40 : 0x04)) != 0;
        boolean compressed = (flags & (version == 3 ? 0x80 : 0x08)) != 0;
        boolean grouped = (flags & (version == 3 ? 0x20 : 0x40)) != 0;
        boolean sized = version == 3 ? compressed : (flags & 0x01) != 0;
        int prefix = (sized ? 4 : 0) + (grouped ? 1 : 0);
        if (encrypted || prefix > length) {
            return new byte[0];
        }
        byte[] raw = bytes.bytesUpTo(data + prefix, length - prefix, MAX_TEXT_BYTES);
        if (version == 4 && ((flags & 0x02) != 0 || (tagFlags & 0x80) != 0)) {
            raw = synchronised(raw);
        }
        return compressed ? inflated(raw) : raw;
    }

    /** Without the zeros that were put behind each 0xFF. */
    private static byte[] synchronised(byte[] raw) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            plain.write(raw[i]);
            if (raw[i] == (byte) 0xFF && i + 1 < raw.length && raw[i + 1] == 0) {
                i++;
            }
        }
        return plain.toByteArray();
    }

    private static byte[] inflated(byte[] raw) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(raw);
            byte[] text = new byte[MAX_TEXT_BYTES];
            return Arrays.copyOf(text, inflater.inflate(text));
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }

    private String decoded(int encoding, byte[] text) {
        return switch (encoding) {
            case 0 -> charset.decode(text);
            case 1, 2 -> wide(text, encoding == 2);
            case 3 -> new String(text, StandardCharsets.UTF_8).replace("\uFEFF", "");
            // No such encoding: what it begins with may be the text.
            default -> "";
        };
    }

    /** UTF-16 where every value may have its own byte order mark. */
    private static String wide(byte[] text, boolean bigEndian) {
        StringBuilder all = new StringBuilder();
        Charset order = bigEndian ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        int from = 0;
        for (int at = 0; at + 1 < text.length + 2; at += 2) {
            boolean end = at + 1 >= text.length;
            if (end || (text[at] == 0 && text[at + 1] == 0)) {
                int to = end ? text.length - (text.length - from) % 2 : at;
                int mark = to - from >= 2 ? (text[from] & 0xFF) << 8 | (text[from + 1] & 0xFF) : 0;
                if (mark == 0xFEFF || mark == 0xFFFE) {
                    order = mark == 0xFEFF ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
                    from += 2;
                }
                all.append(new String(text, from, Math.max(0, to - from), order));
                if (end) {
                    break;
                }
                all.append('\0');
                from = at + 2;
            }
        }
        return all.toString();
    }
}
