package dev.musicfs.formats;

import java.nio.charset.StandardCharsets;

/** The texts of ASF, which WMA files are: one header of objects, each with its length; text in UTF-16. */
final class AsfTags {
    static final String MAGIC = "0&\u00b2u\u008ef\u00cf\u0011";

    private static final String PROPERTIES = "\u00a1\u00dc\u00ab\u008cG\u00a9\u00cf\u0011";
    private static final String DESCRIPTION = "3&\u00b2u\u008ef\u00cf\u0011";
    private static final String MORE_DESCRIPTION = "@\u00a4\u00d0\u00d2\u0007\u00e3\u00d2\u0011";
    private static final String EXTENSION = "\u00b5\u0003\u00bf_.\u00a9\u00cf\u0011";
    private static final String LIBRARY = "\u0094\u001c#D\u0098\u0094\u00d1I";
    private static final int MAX_OBJECTS = 256;
    private static final int MAX_VALUES = 1024;
    private static final int MAX_TEXT_BYTES = 16 << 10;
    private static final int HEAD_BYTES = 24;

    private final LayoutBytes bytes;
    private final FoundTags found;
    private final TextTags tags = new TextTags();
    private final TextTags plain = new TextTags();

    private AsfTags(LayoutBytes bytes, FoundTags found) {
        this.bytes = bytes;
        this.found = found;
    }

    static void read(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        AsfTags asf = new AsfTags(bytes, found);
        found.own(asf.plain);
        found.own(asf.tags);
        long end = start + bytes.u64le(start + 16);
        asf.objects(start + 30, end < start ? bytes.size() : Math.min(end, bytes.size()), true);
    }

    private void objects(long from, long end, boolean top) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_OBJECTS && end - at >= HEAD_BYTES; i++) {
            long length = bytes.u64le(at + 16);
            if (length < HEAD_BYTES || length > end - at) {
                throw ParsingStopped.malformed("an ASF object of " + length + " bytes");
            }
            long object = at;
            long objectEnd = at + length;
            found.section(() -> object(object, objectEnd, top));
            at = objectEnd;
        }
    }

    private void object(long at, long end, boolean top) throws ParsingStopped {
        if (bytes.matches(at, PROPERTIES) && end - at >= 88) {
            long millis = bytes.u64le(at + 64) / 10_000 - bytes.u64le(at + 80);
            found.sound(Sound.ofMillis(millis, bytes.size()));
        } else if (bytes.matches(at, DESCRIPTION)) {
            description(at + HEAD_BYTES, end);
        } else if (bytes.matches(at, MORE_DESCRIPTION)) {
            more(at + HEAD_BYTES, end);
        } else if (bytes.matches(at, LIBRARY)) {
            library(at + HEAD_BYTES, end);
        } else if (top && bytes.matches(at, EXTENSION) && end - at > 46) {
            objects(at + 46, end, false);
        }
    }

    /** Five lengths, then title, author, copyright, description, rating. */
    private void description(long from, long end) throws ParsingStopped {
        long at = from + 10;
        String[] keys = {"TITLE", "ARTIST"};
        for (int i = 0; i < keys.length; i++) {
            int length = bytes.u16le(from + 2L * i);
            plain.add(keys[i], text(at, length, end));
            at += length;
        }
    }

    private void more(long from, long end) throws ParsingStopped {
        int count = Math.min(bytes.u16le(from), MAX_VALUES);
        long at = from + 2;
        for (int i = 0; i < count && end - at >= 6; i++) {
            int nameBytes = bytes.u16le(at);
            String name = text(at + 2, nameBytes, end);
            long value = at + 2 + nameBytes;
            int type = bytes.u16le(value);
            int length = bytes.u16le(value + 2);
            add(name, type, value + 4, length, end);
            at = value + 4 + length;
        }
    }

    private void library(long from, long end) throws ParsingStopped {
        int count = Math.min(bytes.u16le(from), MAX_VALUES);
        long at = from + 2;
        for (int i = 0; i < count && end - at >= 12; i++) {
            int nameBytes = bytes.u16le(at + 4);
            int type = bytes.u16le(at + 6);
            long length = bytes.u32le(at + 8);
            String name = text(at + 12, nameBytes, end);
            add(name, type, at + 12 + nameBytes, length, end);
            at += 12 + nameBytes + length;
        }
    }

    private void add(String name, int type, long at, long length, long end) throws ParsingStopped {
        if (length > end - at) {
            throw ParsingStopped.malformed("an ASF value longer than what it is in");
        }
        String key = named(name);
        if (!tags.wants(key)) {
            return;
        }
        switch (type) {
            case 0 -> tags.add(key, text(at, length, end));
            case 2, 3, 4, 5 -> {
                long number = length >= 4 ? bytes.u32le(at) : length >= 2 ? bytes.u16le(at) : 0;
                // The older of two numbers of a track counts from zero.
                tags.add(key, Long.toString(name.equals("WM/Track") ? number + 1 : number));
            }
            default -> {
                // Bytes, such as pictures.
            }
        }
    }

    private static String named(String name) {
        return switch (name) {
            case "Author" -> "ARTIST";
            case "Title" -> "TITLE";
            default -> name;
        };
    }

    private String text(long at, long length, long end) throws ParsingStopped {
        if (length > end - at) {
            throw ParsingStopped.malformed("an ASF text longer than what it is in");
        }
        String text = new String(bytes.bytesUpTo(at, length & ~1L, MAX_TEXT_BYTES), StandardCharsets.UTF_16LE);
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }
}
