package dev.musicfs.formats;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which files are tracks and which are covers, told by their names alone. */
public final class AudioFormats {
    /** The one list of what counts as music; {@link TagReader} reads the tags of all of them. */
    private static final Set<String> AUDIO = Set.of(
            "flac", "fla", "mp3", "mp2", "mp1", "mpga", "aac", "adts", "ogg", "oga", "opus", "spx", "m4a", "m4b", "m4p",
            "m4r", "mp4", "3gp", "wav", "wave", "aif", "aiff", "aifc", "ape", "wv", "mpc", "mp+", "mpp", "tta", "tak",
            "ofr", "wma", "asf", "dsf", "dff");

    private static final Set<String> ADTS = Set.of("aac", "adts");
    private static final Map<String, String> ALIASES = Map.of("oga", "ogg");

    private static final List<String> COVER_STEMS = List.of("cover", "folder", "front", "album");
    private static final List<String> COVER_EXTENSIONS = List.of("jpg", "jpeg", "png");

    private AudioFormats() {}

    /** Whether a file with this extension (without the dot, any case) is a track. */
    public static boolean isAudio(String extension) {
        return AUDIO.contains(extension.toLowerCase(Locale.ROOT));
    }

    /** Whether a file of this name (without directories, any case) is a picture of the album beside it. */
    public static boolean isCover(String name) {
        return coverRank(name) < Integer.MAX_VALUE;
    }

    /**
     * How well a file of this name stands for its album: of two covers in one directory the lower rank is the better.
     * The stem counts first (cover, folder, front, album), then the extension (jpg, jpeg, png).
     *
     * @return at least 0; {@link Integer#MAX_VALUE} when the name is not a cover's
     */
    public static int coverRank(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int dot = lower.lastIndexOf('.');
        if (dot < 0) {
            return Integer.MAX_VALUE;
        }
        int stem = COVER_STEMS.indexOf(lower.substring(0, dot));
        int extension = COVER_EXTENSIONS.indexOf(lower.substring(dot + 1));
        return stem < 0 || extension < 0 ? Integer.MAX_VALUE : stem * COVER_EXTENSIONS.size() + extension;
    }

    /** What {@link dev.musicfs.model.TrackTags#format} says of files with this extension. */
    static String formatOf(String extension) {
        String lower = extension.toLowerCase(Locale.ROOT);
        return ALIASES.getOrDefault(lower, lower);
    }

    static boolean isAdts(String extension) {
        return ADTS.contains(extension);
    }
}
