package dev.musicfs.formats;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import java.util.Optional;

/**
 * Finds out which bytes of an audio file its tags, duration and bit rate are told by. When those are known,
 * {@link TagReader} finds in a file that has them in their places and zeros everywhere else what it would have found in the
 * whole one. Pictures are passed over where the format lets them be (not in ASF and Ogg).
 *
 * <p>Reads the first 64 KiB, the last 16 KiB and whatever these say lies elsewhere. The format is told by the content.
 */
public final class TagRanges {
    private static final int LARGEST_OTHER_CHUNK = 64 << 10;
    private static final int MAX_CHUNKS = 1024;

    private TagRanges() {}

    /**
     * What of the file has to be fetched next, nothing of which is known yet; empty when enough is known. After at most 64
     * such answers there is an end. Does not block.
     *
     * @throws MusicFsException {@code CORRUPT} when the headers make no sense or are too large. That says only that the
     *     ranges could not be told: whether the file is damaged is the business of {@link TagReader} and the whole file
     */
    public static Optional<ByteRange> missing(FetchedRanges known) {
        try {
            walk(new LayoutBytes(known));
            return Optional.empty();
        } catch (ParsingStopped e) {
            ByteRange missing = e.missing();
            if (missing == null) {
                throw new MusicFsException(FailureKind.CORRUPT, "cannot tell where the tags are: " + e.reason(), e);
            }
            if (!known.mayNeed(missing)) {
                throw new MusicFsException(FailureKind.CORRUPT, "the tags are too large or too far apart", e);
            }
            return Optional.of(missing);
        }
    }

    private static void walk(LayoutBytes bytes) throws ParsingStopped {
        bytes.requireHead();
        bytes.requireTail();
        long start = Id3v2Layout.skipAll(bytes, 0, new Pictures());
        requireId3(bytes, 0, start);
        if (bytes.matches(start, "fLaC")) {
            flac(bytes, start);
        } else if (bytes.matches(start, "OggS")) {
            OggRanges.require(bytes, start);
        } else if (bytes.matches(start, "RIFF") || bytes.matches(start, "FORM")) {
            chunks(bytes, start + 12, bytes.matches(start, "FORM"));
        } else if (Mp4Layout.isMp4(bytes, start)) {
            Mp4Ranges.require(bytes, start);
        } else if (bytes.matches(start, "0&\u00b2u\u008ef\u00cf\u0011")) {
            // ASF: one header object with its length.
            bytes.requireAll(start, Math.min(bytes.u64le(start + 16), bytes.size() - start));
        } else if (bytes.matches(start, "DSD ")) {
            dsf(bytes, start);
        } else if (bytes.matches(start, "FRM8")) {
            dsdiff(bytes, start + 16);
        } else if (bytes.matches(start, "MAC ") || bytes.matches(start, "wvpk")) {
            ApeLayout.requireText(bytes);
        } else {
            // The search for the first frames reads them.
            MpegLayout.layout(bytes, start, true, new Pictures());
        }
    }

    private static void requireId3(LayoutBytes bytes, long from, long end) throws ParsingStopped {
        long at = from;
        while (at < end) {
            long size = Id3v2Layout.sizeAt(bytes, at, "ID3");
            if (size == 0 || size > end - at) {
                return;
            }
            Id3v2Layout.requireText(bytes, at, at + size);
            at += size;
        }
    }

    private static void flac(LayoutBytes bytes, long start) throws ParsingStopped {
        long at = start + 4;
        boolean last = false;
        while (!last) {
            int header = bytes.u8(at);
            int type = header & 0x7F;
            long length = bytes.u24(at + 1);
            long end = at + 4 + length;
            if (end > bytes.size()) {
                throw ParsingStopped.malformed("a FLAC metadata block longer than the file");
            }
            if (type == FlacLayout.PICTURE) {
                FlacLayout.picture(bytes, at + 4, end, new Pictures());
            } else if (type == FlacLayout.STREAMINFO || type == FlacLayout.COMMENT) {
                bytes.requireAll(at + 4, length);
            }
            last = (header & 0x80) != 0;
            at = end;
        }
    }

    private static void chunks(LayoutBytes bytes, long from, boolean bigEndian) throws ParsingStopped {
        bytes.setFetchBytes(4 << 10);
        long at = from;
        for (int i = 0; i < MAX_CHUNKS && bytes.size() - at >= 8; i++) {
            bytes.requireAll(at, Math.min(16, bytes.size() - at));
            long length = bigEndian ? bytes.u32(at + 4) : bytes.u32le(at + 4);
            if (!bytes.matches(at, "data") && !bytes.matches(at, "SSND")) {
                chunk(bytes, at + 8, Math.min(length, bytes.size() - at - 8));
            }
            at += 8 + length + (length & 1);
        }
    }

    private static void chunk(LayoutBytes bytes, long payload, long length) throws ParsingStopped {
        long id3 = length < Id3v2Layout.HEADER_BYTES ? 0 : Id3v2Layout.sizeAt(bytes, payload, "ID3");
        if (id3 > 0 && id3 <= length) {
            Id3v2Layout.requireText(bytes, payload, payload + id3);
        } else if (length <= LARGEST_OTHER_CHUNK) {
            bytes.requireAll(payload, length);
        }
    }

    /** The head tells where the ID3 tag at the end begins. */
    private static void dsf(LayoutBytes bytes, long start) throws ParsingStopped {
        long tag = bytes.u64le(start + 20);
        if (tag > 0 && tag < bytes.size()) {
            chunk(bytes, tag, bytes.size() - tag);
        }
    }

    private static void dsdiff(LayoutBytes bytes, long from) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_CHUNKS && bytes.size() - at >= 12; i++) {
            long length = bytes.u64(at + 4);
            if (length < 0 || length > bytes.size() - at - 12) {
                return;
            }
            if (!bytes.matches(at, "DSD ") && !bytes.matches(at, "DST ")) {
                chunk(bytes, at + 12, length);
            }
            at += 12 + length + (length & 1);
        }
    }
}
