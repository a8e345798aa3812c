package dev.musicfs.formats;

import java.nio.charset.StandardCharsets;

/**
 * The texts of MP4 and QuickTime files (ISO/IEC 14496-12): {@code ilst} with its free-form items, what QuickTime puts
 * beside it, and the length of the first sound track, else of the film. The tables that say where each sample lies and
 * the data of covers are passed over; which codec it is does not matter.
 */
final class Mp4Tags {
    private static final int MAX_ATOMS = 4096;
    private static final int MAX_TEXT_BYTES = 16 << 10;
    private static final int MAX_NAME_BYTES = 256;

    /** Fetched in one request, tables and all. */
    private static final int SMALL_MOVIE_BYTES = 96 << 10;

    private final LayoutBytes bytes;
    private final FoundTags found;
    private final TextTags atoms = new TextTags(Field.Spelling.MP4);
    private final TextTags freeForm = new TextTags();
    private long mediaBytes;
    private long movieMillis;
    private long trackMillis;

    private Mp4Tags(LayoutBytes bytes, FoundTags found) {
        this.bytes = bytes;
        this.found = found;
    }

    static void read(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        bytes.setFetchBytes(4 << 10);
        Mp4Tags tags = new Mp4Tags(bytes, found);
        found.own(tags.atoms);
        found.own(tags.freeForm);
        tags.children(start, bytes.size(), tags::top);
    }

    private interface Visit {
        void atom(String name, long payload, long end) throws ParsingStopped;
    }

    private void children(long from, long end, Visit visit) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_ATOMS && end - at >= 8; i++) {
            long length = bytes.u32(at);
            String name = bytes.name(at + 4, 4);
            int header = 8;
            if (length == 1 && end - at >= 16) {
                length = bytes.u64(at + 8);
                header = 16;
            } else if (length == 0) {
                length = end - at;
            }
            if (length < header) {
                // Something else behind the atoms, such as a tag of another kind.
                return;
            }
            long atomEnd = length > end - at ? end : at + length;
            visit.atom(name, at + header, atomEnd);
            at = atomEnd;
        }
    }

    private void top(String name, long payload, long end) throws ParsingStopped {
        if (name.equals("mdat")) {
            mediaBytes += end - payload;
            sound();
        } else if (name.equals("moov")) {
            if (end - payload <= SMALL_MOVIE_BYTES) {
                bytes.requireAll(payload, end - payload);
            }
            found.section(() -> children(payload, end, this::movie));
            sound();
        } else if (name.equals("meta")) {
            found.section(() -> meta(payload, end));
        }
    }

    private void sound() {
        long millis = trackMillis > 0 ? trackMillis : movieMillis;
        found.sound(Sound.ofMillis(millis, mediaBytes));
    }

    private void movie(String name, long payload, long end) throws ParsingStopped {
        switch (name) {
            case "mvhd" -> found.section(() -> movieMillis = millis(payload, end));
            case "trak" -> found.section(() -> track(payload, end));
            case "udta" -> found.section(() -> children(payload, end, this::userData));
            case "meta" -> found.section(() -> meta(payload, end));
            default -> {
                // Nothing that is asked for.
            }
        }
    }

    private void track(long from, long end) throws ParsingStopped {
        long[] media = new long[2];
        children(from, end, (name, payload, atomEnd) -> {
            if (name.equals("mdia")) {
                children(payload, atomEnd, (inner, data, dataEnd) -> {
                    if (inner.equals("mdhd")) {
                        media[0] = millis(data, dataEnd);
                    } else if (inner.equals("hdlr") && bytes.matches(data + 8, "soun")) {
                        media[1] = 1;
                    }
                });
            }
        });
        if (media[1] == 1 && trackMillis == 0) {
            trackMillis = media[0];
        }
    }

    /** Of {@code mvhd} and {@code mdhd}: version and flags, two dates, units a second, length. */
    private long millis(long payload, long end) throws ParsingStopped {
        boolean wide = bytes.u8(payload) == 1;
        if (end - payload < (wide ? 32 : 20)) {
            return 0;
        }
        long scale = bytes.u32(payload + (wide ? 20 : 12));
        long length = wide ? bytes.u64(payload + 24) : bytes.u32(payload + 16);
        return scale <= 0 || length <= 0 || length == 0xFFFFFFFFL ? 0 : (long) ((double) length * 1000 / scale);
    }

    private void userData(String name, long payload, long end) throws ParsingStopped {
        if (name.equals("meta")) {
            found.section(() -> meta(payload, end));
        } else if (name.startsWith("\u00A9") && end - payload > 4 && atoms.wants(name)) {
            // QuickTime: length, language, text.
            int length = bytes.u16(payload);
            if (length <= end - payload - 4) {
                atoms.add(name, TagCharset.GUESSED.decode(bytes.bytesUpTo(payload + 4, length, MAX_TEXT_BYTES)));
            }
        }
    }

    private void meta(long payload, long end) throws ParsingStopped {
        // ISO has version and flags here, QuickTime has not.
        boolean quickTime = bytes.matches(payload + 4, "hdlr");
        children(payload + (quickTime ? 0 : 4), end, (name, list, listEnd) -> {
            if (name.equals("ilst")) {
                children(list, listEnd, (item, data, dataEnd) -> found.section(() -> item(item, data, dataEnd)));
            }
        });
    }

    private void item(String name, long payload, long end) throws ParsingStopped {
        if (name.equals("----")) {
            freeForm(payload, end);
        } else if (atoms.wants(name)) {
            children(payload, end, (inner, data, dataEnd) -> {
                if (inner.equals("data") && dataEnd - data >= 8) {
                    atoms.add(
                            name,
                            value(
                                    name,
                                    bytes.u32(data) & 0xFFFFFF,
                                    bytes.bytesUpTo(data + 8, dataEnd - data - 8, MAX_TEXT_BYTES)));
                }
            });
        }
    }

    private void freeForm(long from, long end) throws ParsingStopped {
        String[] key = {""};
        children(from, end, (inner, data, dataEnd) -> {
            if (inner.equals("name") && dataEnd - data > 4) {
                key[0] = new String(
                        bytes.bytesUpTo(data + 4, dataEnd - data - 4, MAX_NAME_BYTES), StandardCharsets.UTF_8);
            } else if (inner.equals("data") && dataEnd - data > 8 && freeForm.wants(key[0])) {
                freeForm.add(
                        key[0],
                        TagCharset.GUESSED.decode(bytes.bytesUpTo(data + 8, dataEnd - data - 8, MAX_TEXT_BYTES)));
            }
        });
    }

    private static String value(String name, long type, byte[] data) {
        switch (name) {
            case "trkn", "disk" -> {
                int number = data.length >= 4 ? (data[2] & 0xFF) << 8 | (data[3] & 0xFF) : 0;
                int total = data.length >= 6 ? (data[4] & 0xFF) << 8 | (data[5] & 0xFF) : 0;
                return total > 0 ? number + "/" + total : Integer.toString(number);
            }
            case "cpil" -> {
                return data.length > 0 && data[data.length - 1] != 0 ? "1" : "0";
            }
            case "gnre" -> {
                return data.length >= 2 ? Genres.name(((data[0] & 0xFF) << 8 | (data[1] & 0xFF)) - 1) : "";
            }
            default -> {
                return type == 2 ? new String(data, StandardCharsets.UTF_16) : TagCharset.GUESSED.decode(data);
            }
        }
    }
}
