package dev.musicfs.catalog;

/** What an origin's file is to the library. The codes are stored; never change one. */
public enum FileKind {
    /** A track. */
    AUDIO(1),
    /** A picture that stands for the album whose directory it lies in. */
    COVER(2);

    private final int code;

    FileKind(int code) {
        this.code = code;
    }

    /** The number stored in the catalog. */
    public int code() {
        return code;
    }

    /** The kind with this stored number. */
    public static FileKind ofCode(int code) {
        for (FileKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no file kind has the code " + code);
    }
}
