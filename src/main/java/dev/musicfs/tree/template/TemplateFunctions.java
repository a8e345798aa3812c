package dev.musicfs.tree.template;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The functions every template has, as beets defines them (beets.readthedocs.io, "Path Formats"). */
final class TemplateFunctions {
    private static final Pattern ARTICLE = Pattern.compile("(?i)^(the|an?)\\s+(.+)$");
    private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?[0-9]{1,9}\\s*");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Map<Integer, String> LETTERS = Map.ofEntries(
            Map.entry((int) 'ß', "ss"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'Æ', "AE"),
            Map.entry((int) 'œ', "oe"),
            Map.entry((int) 'Œ', "OE"),
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'Ø', "O"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'Đ', "D"),
            Map.entry((int) 'ð', "d"),
            Map.entry((int) 'Ð', "D"),
            Map.entry((int) 'þ', "th"),
            Map.entry((int) 'Þ', "Th"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'Ł', "L"),
            Map.entry((int) 'ı', "i"),
            Map.entry((int) '‘', "'"),
            Map.entry((int) '’', "'"),
            Map.entry((int) '“', "\""),
            Map.entry((int) '”', "\""),
            Map.entry((int) '‐', "-"),
            Map.entry((int) '–', "-"),
            Map.entry((int) '—', "-"));

    /** Name to function. */
    static final Map<String, TemplateFunction> STANDARD = Map.of(
            "if",
            new TemplateFunction(2, 3, false, true, (args, fields) -> isTrue(args.get(0)) ? args.get(1) : at(args, 2)),
            "ifdef",
            new TemplateFunction(1, 3, true, true, TemplateFunctions::ifdef),
            "first",
            TemplateFunction.ofText(1, 5, (args, fields) -> first(args)),
            "left",
            TemplateFunction.ofText(2, 2, (args, fields) -> left(args.get(0), integer(args.get(1), 0))),
            "right",
            TemplateFunction.ofText(2, 2, (args, fields) -> right(args.get(0), integer(args.get(1), 0))),
            "lower",
            TemplateFunction.ofText(1, 1, (args, fields) -> args.get(0).toLowerCase(Locale.ROOT)),
            "upper",
            TemplateFunction.ofText(1, 1, (args, fields) -> args.get(0).toUpperCase(Locale.ROOT)),
            "title",
            TemplateFunction.ofText(1, 1, (args, fields) -> title(args.get(0))),
            "asciify",
            TemplateFunction.ofText(1, 1, (args, fields) -> asciify(args.get(0))),
            "the",
            TemplateFunction.ofText(1, 1, (args, fields) -> the(args.get(0))));

    private TemplateFunctions() {}

    private static boolean isTrue(String condition) {
        String text = Gap.removedFrom(condition).strip();
        return INTEGER.matcher(text).matches()
                ? integer(text, 0) != 0
                : !text.isEmpty() && !text.equalsIgnoreCase("false");
    }

    private static String ifdef(List<String> args, TrackFields fields) {
        String field = args.get(0).strip();
        if (!fields.isDefined(field)) {
            return at(args, 2);
        }
        return args.size() == 1 ? Gap.orValue(field, fields) : args.get(1);
    }

    private static String first(List<String> args) {
        int count = integer(at(args, 1), 1);
        int skip = integer(at(args, 2), 0);
        String separator = args.size() > 3 ? args.get(3) : "; ";
        String join = args.size() > 4 ? args.get(4) : "; ";
        return Arrays.stream(args.get(0).split(Pattern.quote(separator), -1))
                .skip(Math.max(0, skip))
                .limit(Math.max(0, count))
                .collect(Collectors.joining(join));
    }

    private static String left(String text, int count) {
        return text.codePointCount(0, text.length()) <= count
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, count)));
    }

    private static String right(String text, int count) {
        return text.codePointCount(0, text.length()) <= count
                ? text
                : text.substring(text.offsetByCodePoints(text.length(), -Math.max(0, count)));
    }

    private static String title(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .map(word -> left(word, 1).toUpperCase(Locale.ROOT)
                        + word.substring(left(word, 1).length()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    private static String asciify(String text) {
        String base =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        return base.codePoints()
                .mapToObj(c -> c < 128 ? Character.toString(c) : LETTERS.getOrDefault(c, "_"))
                .collect(Collectors.joining());
    }

    private static String the(String text) {
        Matcher article = ARTICLE.matcher(text);
        return article.matches() ? article.group(2) + ", " + article.group(1) : text;
    }

    private static String at(List<String> args, int index) {
        return index < args.size() ? args.get(index) : "";
    }

    private static int integer(String text, int otherwise) {
        return INTEGER.matcher(text).matches() ? Integer.parseInt(text.strip()) : otherwise;
    }
}
