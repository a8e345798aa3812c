package dev.musicfs.tree;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes the place of a track in the mount out of its tags, in the dialect of beets' path formats: {@code $field},
 * <code>${field}</code>, <code>%function{argument,argument}</code>; <code>$$ $% $, $}</code> stand for the second character.
 *
 * <p>Only a {@code /} of the template itself begins a new name. Directories that come out empty are left out. A field
 * that is missing at the beginning of a name, or behind a dash or underscore, takes the separator behind it along:
 * {@code $track - $title} without a number is the title.
 */
public final class Template {
    /** {@code Artist/Album (Year) [FORMAT]/Disc-Track - Title.format}. */
    public static final Template DEFAULT = parse(
            "$albumartist/$album%ifdef{year, ($year)} [$format_upper]/%if{$multidisc,$disc-}$track - $title.$format");

    /** Stands for a missing value until the name is complete; no Unicode text contains it. */
    private static final char GAP = '\uFFFF';

    private static final Pattern GAP_AND_SEPARATOR = Pattern.compile("(^|[-_] ?)" + GAP + "+(?:[ _-]|\\.(?= ))+");

    private final String text;
    private final List<TemplatePart> parts;

    private Template(String text, List<TemplatePart> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** Fails with {@code INVALID}, naming the column (from 1) and the reason. */
    public static Template parse(String text) {
        return parse(text, TemplateFunctions.STANDARD);
    }

    /** With a table of functions of the caller's. */
    static Template parse(String text, Map<String, TemplateFunction> functions) {
        if (text.isBlank() || text.endsWith("/")) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "template \"" + text + "\", column " + (text.length() + 1) + ": a file name is missing at the end");
        }
        return new Template(text, TemplateParser.parse(text, functions));
    }

    /** What it was parsed from. */
    String text() {
        return text;
    }

    /** The names from below the root to the track, at least one, each a valid name. */
    List<String> place(FileRow file) {
        if (!file.wellFormed()) {
            String album =
                    TrackFields.UNKNOWN_ALBUM + " [" + file.tags().format().toUpperCase(Locale.ROOT) + "]";
            return List.of(
                    TrackFields.UNKNOWN_ARTIST,
                    Names.clean(album),
                    Names.clean(file.path().name()));
        }
        String[] raw = evaluate(parts, new TrackFields(file)).split("/", -1);
        List<String> names = new ArrayList<>(raw.length);
        for (int i = 0; i < raw.length; i++) {
            String name = withoutGaps(closeGaps(raw[i]));
            if (!name.isEmpty() || i == raw.length - 1) {
                names.add(Names.clean(name));
            }
        }
        return List.copyOf(names);
    }

    /** A field's value as it may stand in a path, or a gap. */
    static String valueOf(String field, TrackFields fields) {
        String value = withoutGaps(fields.value(field)).replace('/', '_');
        return value.isEmpty() ? String.valueOf(GAP) : value;
    }

    static String withoutGaps(String text) {
        return text.replace(String.valueOf(GAP), "");
    }

    private static String evaluate(List<TemplatePart> parts, TrackFields fields) {
        StringBuilder out = new StringBuilder();
        for (TemplatePart part : parts) {
            if (part instanceof TemplatePart.Literal literal) {
                out.append(literal.text());
            } else if (part instanceof TemplatePart.Field field) {
                out.append(valueOf(field.name(), fields));
            } else if (part instanceof TemplatePart.Call call) {
                out.append(evaluate(call, fields));
            }
        }
        return out.toString();
    }

    private static String evaluate(TemplatePart.Call call, TrackFields fields) {
        boolean keepsGaps = call.function().keepsGaps();
        List<String> arguments = call.arguments().stream()
                .map(argument -> evaluate(argument, fields))
                .map(argument -> keepsGaps ? argument : withoutGaps(argument))
                .toList();
        String result = call.function().body().apply(arguments, fields);
        return result.isEmpty() && !keepsGaps ? String.valueOf(GAP) : result;
    }

    private static String closeGaps(String name) {
        String closed = name;
        String before;
        do {
            before = closed;
            closed = GAP_AND_SEPARATOR.matcher(before).replaceFirst("$1");
        } while (!closed.equals(before));
        return closed;
    }
}
