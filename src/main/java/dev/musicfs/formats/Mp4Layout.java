package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MP4 and QuickTime (ISO/IEC 14496-12): atoms of a length that counts itself and a name. The audio is the payload of the
 * largest {@code mdat}; of {@code moov}, only the way to {@code udta/meta/ilst/covr} is walked; damage on it
 * ends the search for pictures.
 */
final class Mp4Layout {
    private static final int MAX_ATOMS = 4096;

    /** Old QuickTime files have no {@code ftyp} and begin with one of the others. */
    private static final Set<String> FIRST_ATOMS = Set.of("ftyp", "moov", "mdat", "free", "skip", "wide");

    private final LayoutBytes bytes;
    private final Pictures pictures;
    private long audioStart = -1;
    private long audioEnd = -1;

    private Mp4Layout(LayoutBytes bytes, Pictures pictures) {
        this.bytes = bytes;
        this.pictures = pictures;
    }

    static boolean isMp4(LayoutBytes bytes, long at) throws ParsingStopped {
        for (String name : FIRST_ATOMS) {
            if (bytes.matches(at + 4, name)) {
                return true;
            }
        }
        return false;
    }

    static AudioLayout layout(LayoutBytes bytes, long start, Pictures pictures) throws ParsingStopped {
        bytes.setFetchBytes(4 << 10);
        Mp4Layout layout = new Mp4Layout(bytes, pictures);
        layout.topLevel(start);
        if (layout.audioStart < 0) {
            throw ParsingStopped.malformed("MP4 without media data");
        }
        return pictures.layout(layout.audioStart, layout.audioEnd, "");
    }

    private void topLevel(long start) throws ParsingStopped {
        long at = start;
        for (int i = 0; i < MAX_ATOMS && bytes.size() - at >= 8; i++) {
            boolean media = bytes.matches(at + 4, "mdat");
            Atom atom = atom(at, bytes.size(), media);
            if (atom == null) {
                // Something else behind the atoms, such as an ID3v1 tag.
                return;
            }
            if (media && atom.end - atom.payload > audioEnd - audioStart) {
                audioStart = atom.payload;
                audioEnd = atom.end;
            } else if (bytes.matches(at + 4, "moov")) {
                movie(atom);
            }
            at = atom.end;
        }
    }

    private void movie(Atom moov) throws ParsingStopped {
        Atom userData = child(moov.payload, moov.end, "udta");
        Atom parent = userData == null ? moov : userData;
        Atom meta = child(parent.payload, parent.end, "meta");
        if (meta == null) {
            return;
        }
        // ISO has version and flags here, QuickTime has not.
        boolean quickTime = bytes.matches(meta.payload + 4, "hdlr");
        Atom list = child(meta.payload + (quickTime ? 0 : 4), meta.end, "ilst");
        Atom cover = list == null ? null : child(list.payload, list.end, "covr");
        if (cover == null) {
            return;
        }
        long at = cover.payload;
        for (int i = 0; i < MAX_ATOMS && cover.end - at >= 8; i++) {
            Atom data = atom(at, cover.end, false);
            if (data == null) {
                return;
            }
            if (bytes.matches(at + 4, "data")) {
                // The kind of the data and a locale come before it.
                pictures.add(data.payload + 8, data.end);
            }
            at = data.end;
        }
    }

    private @Nullable Atom child(long from, long end, String name) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_ATOMS && end - at >= 8; i++) {
            Atom atom = atom(at, end, false);
            if (atom == null || bytes.matches(at + 4, name)) {
                return atom;
            }
            at = atom.end;
        }
        return null;
    }

    /**
     * Null when it is none.
     *
     * @param cut whether it may be longer than what is there
     */
    private @Nullable Atom atom(long at, long limit, boolean cut) throws ParsingStopped {
        long length = bytes.u32(at);
        int header = 8;
        if (length == 1) {
            if (limit - at < 16) {
                return null;
            }
            length = bytes.u64(at + 8);
            header = 16;
        } else if (length == 0) {
            length = limit - at;
        }
        if (length >= header && cut) {
            length = Math.min(length, limit - at);
        }
        return length < header || length > limit - at ? null : new Atom(at + header, at + length);
    }

    private record Atom(long payload, long end) {}
}
