package dev.musicfs.formats;

import java.util.List;
import java.util.Map;

/** What MusicFS wants of a tag, and how each kind of tag spells it, best first. */
@SuppressWarnings("ImmutableEnumChecker") // List.of and Map.of are immutable; their types do not say so.
enum Field {
    TITLE("TITLE", "TIT2", "TT2", "\u00A9nam,titl", "INAM,NAME,TITL"),
    ARTIST("ARTIST", "TPE1", "TP1", "\u00A9ART,perf,auth", "IART,AUTH"),
    ALBUM_ARTIST("ALBUMARTIST,ALBUM ARTIST,ALBUM_ARTIST,WM/ALBUMARTIST", "TPE2", "TP2", "aART", "IAAR"),
    ALBUM("ALBUM,WM/ALBUMTITLE", "TALB", "TAL", "\u00A9alb,albm", "IPRD,IALB"),
    GENRE("GENRE,WM/GENRE", "TCON", "TCO", "\u00A9gen,gnre", "IGNR,GENR"),
    COMPOSER("COMPOSER,WM/COMPOSER", "TCOM", "TCM", "\u00A9wrt", "ICOM,IMUS"),
    DATE(
            "DATE,YEAR,WM/YEAR,RELEASEDATE,ORIGINALDATE,ORIGINALYEAR,WM/ORIGINALRELEASETIME",
            "TDRC,TYER,TDRL,TDOR,TORY",
            "TYE,TOR",
            "\u00A9day,yrrc",
            "ICRD,YEAR"),
    TRACK("TRACKNUMBER,TRACK,WM/TRACKNUMBER,WM/TRACK", "TRCK", "TRK", "trkn", "ITRK,IPRT,TRCK"),
    DISC("DISCNUMBER,DISC,DISK,WM/PARTOFSET", "TPOS", "TPA", "disk", "IDIS"),
    DISC_TOTAL("DISCTOTAL,TOTALDISCS", "", "", "", ""),
    COMPILATION("COMPILATION,TCMP,WM/ISCOMPILATION", "TCMP", "TCP", "cpil", "");

    /** A kind of tag. */
    enum Spelling {
        /** Names that people can read: Vorbis comments, APE, ASF, and what is free-form in other tags. */
        TEXT,
        /** Frames of ID3v2.3 and 2.4. */
        ID3,
        /** Frames of ID3v2.2. */
        OLD_ID3,
        /** Atoms. */
        MP4,
        /** Chunks. */
        RIFF
    }

    private final Map<Spelling, List<String>> keys;

    Field(String text, String id3, String oldId3, String mp4, String riff) {
        this.keys = Map.of(
                Spelling.TEXT, list(text),
                Spelling.ID3, list(id3),
                Spelling.OLD_ID3, list(oldId3),
                Spelling.MP4, list(mp4),
                Spelling.RIFF, list(riff));
    }

    private static List<String> list(String keys) {
        return keys.isEmpty() ? List.of() : List.of(keys.split(",", -1));
    }

    /** What it is called there, best first; text names are upper-case. */
    List<String> keys(Spelling spelling) {
        return keys.getOrDefault(spelling, List.of());
    }

    /** Whether some field is called {@code key} there. */
    static boolean isKey(Spelling spelling, String key) {
        for (Field field : values()) {
            if (field.keys(spelling).contains(key)) {
                return true;
            }
        }
        return false;
    }
}
