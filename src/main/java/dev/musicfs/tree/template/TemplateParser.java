package dev.musicfs.tree.template;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Recursive descent over the beets dialect; unlike beets it refuses what it does not understand. */
final class TemplateParser {
    private static final String ESCAPABLE = "$%,}";

    private final String text;
    private final Map<String, TemplateFunction> functions;
    private int pos;

    private TemplateParser(String text, Map<String, TemplateFunction> functions) {
        this.text = text;
        this.functions = functions;
    }

    /** Fails with {@code INVALID}, naming the column (from 1) and the reason. */
    static List<TemplatePart> parse(String text, Map<String, TemplateFunction> functions) {
        return new TemplateParser(text, functions).parts(false);
    }

    private List<TemplatePart> parts(boolean inCall) {
        List<TemplatePart> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (pos < text.length()) {
            char c = text.charAt(pos);
            if (inCall && (c == ',' || c == '}')) {
                break;
            }
            if (c == '$' && pos + 1 < text.length() && ESCAPABLE.indexOf(text.charAt(pos + 1)) >= 0) {
                literal.append(text.charAt(pos + 1));
                pos += 2;
            } else if (c == '$' || c == '%') {
                flush(literal, parts);
                parts.add(c == '$' ? field() : call());
            } else {
                literal.append(c);
                pos++;
            }
        }
        flush(literal, parts);
        return List.copyOf(parts);
    }

    private static void flush(StringBuilder literal, List<TemplatePart> parts) {
        if (!literal.isEmpty()) {
            parts.add(new TemplatePart.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private TemplatePart field() {
        int start = pos++;
        boolean braces = pos < text.length() && text.charAt(pos) == '{';
        if (braces) {
            pos++;
        }
        String name = identifier();
        if (name.isEmpty()) {
            throw bad(start, "a field name must follow \"$\" (write \"$$\" for a dollar sign)");
        }
        if (braces && (pos >= text.length() || text.charAt(pos++) != '}')) {
            throw bad(start, "\"${" + name + "\" is not closed by \"}\"");
        }
        return new TemplatePart.Field(known(name, start));
    }

    private String known(String field, int at) {
        if (!TrackFields.names().contains(field)) {
            throw bad(at, "unknown field \"" + field + "\"; there are " + new TreeSet<>(TrackFields.names()));
        }
        return field;
    }

    private TemplatePart call() {
        int start = pos++;
        String name = identifier();
        TemplateFunction function = functions.get(name);
        if (name.isEmpty()) {
            throw bad(start, "a function name must follow \"%\" (write \"$%\" for a percent sign)");
        }
        if (function == null) {
            throw bad(start, "unknown function \"" + name + "\"; there are " + new TreeSet<>(functions.keySet()));
        }
        if (pos >= text.length() || text.charAt(pos) != '{') {
            throw bad(pos, "\"{\" must follow \"%" + name + "\"");
        }
        int firstArgument = pos + 1;
        List<List<TemplatePart>> arguments = new ArrayList<>();
        do {
            pos++;
            arguments.add(parts(true));
            if (pos >= text.length()) {
                throw bad(start, "\"%" + name + "{\" is not closed by \"}\"");
            }
        } while (text.charAt(pos) == ',');
        pos++;
        if (arguments.size() < function.minArguments() || arguments.size() > function.maxArguments()) {
            throw bad(
                    start,
                    "\"%" + name + "\" takes " + function.minArguments() + " to " + function.maxArguments()
                            + " arguments, not " + arguments.size());
        }
        if (function.firstIsField()) {
            List<TemplatePart> first = arguments.get(0);
            if (first.size() != 1 || !(first.get(0) instanceof TemplatePart.Literal literal)) {
                throw bad(firstArgument, "\"%" + name + "\" takes the bare name of a field first");
            }
            known(literal.text().strip(), firstArgument);
        }
        return new TemplatePart.Call(function, arguments);
    }

    private String identifier() {
        int start = pos;
        while (pos < text.length() && isIdentifier(text.charAt(pos))) {
            pos++;
        }
        return text.substring(start, pos);
    }

    private static boolean isIdentifier(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private MusicFsException bad(int at, String reason) {
        return new MusicFsException(
                FailureKind.INVALID, "template \"" + text + "\", column " + (at + 1) + ": " + reason);
    }
}
