package dev.musicfs.tree.template;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the place of a track in the mount out of its tags, in the dialect of beets' path formats: {@code $field},
 * <code>${field}</code>, <code>%function{argument,argument}</code>; <code>$$ $% $, $}</code> stand for the second character.
 *
 * <p>Only a {@code /} of the template itself begins a new name. Directories that come out empty are left out. A field
 * that is missing at the beginning of a name, or behind a dash or underscore, takes the separator after it along:
 * {@code $track - $title} without a number is the title.
 */
public final class Template {
    /** {@code Artist/Album (Year) [FORMAT]/Disc-Track - Title.format}. */
    public static final Template DEFAULT = parse(
            "$albumartist/$album%ifdef{year, ($year)} [$format_upper]/%if{$multidisc,$disc-}$track - $title.$format");

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
    public String text() {
        return text;
    }

    /**
     * The names from below the root to the track, at least one, each a valid name.
     *
     * @param album what is judged of its whole album
     */
    public List<String> place(FileRow file, AlbumFields album) {
        if (!file.wellFormed()) {
            String directory = TrackFields.albumOf(file.path()) + " ["
                    + file.tags().format().toUpperCase(Locale.ROOT) + "]";
            return List.of(
                    TrackFields.UNKNOWN_ARTIST,
                    Names.clean(directory.replace('/', '_')),
                    Names.clean(file.path().name()));
        }
        String[] raw = evaluate(parts, new TrackFields(file, album)).split("/", -1);
        List<String> names = new ArrayList<>(raw.length);
        for (int i = 0; i < raw.length; i++) {
            String name = Gap.closedIn(raw[i]);
            if (!name.isEmpty() || i == raw.length - 1) {
                names.add(Names.clean(name));
            }
        }
        return List.copyOf(names);
    }

    private static String evaluate(List<TemplatePart> parts, TrackFields fields) {
        StringBuilder out = new StringBuilder();
        for (TemplatePart part : parts) {
            if (part instanceof TemplatePart.Literal literal) {
                out.append(literal.text());
            } else if (part instanceof TemplatePart.Field field) {
                out.append(Gap.orValue(field.name(), fields));
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
                .map(argument -> keepsGaps ? argument : Gap.removedFrom(argument))
                .toList();
        String result = call.function().body().apply(arguments, fields);
        return keepsGaps ? result : Gap.orText(result);
    }
}
