package dev.musicfs.failure;

import dev.musicfs.failure.FailpointAction.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of TiKV's fail-rs 0.5, {@code [P%][N*]verb[(argument)]} chained with {@code ->}, and {@code exit(code)}
 * beside its verbs.
 */
final class FailpointParser {
    private static final Pattern ACTION = Pattern.compile(
            "(?:([0-9]{1,3}(?:\\.[0-9]+)?)%)?(?:([0-9]{1,9})\\*)?([a-z]+)(?:\\((.*)\\))?", Pattern.DOTALL);

    private FailpointParser() {}

    /** Refuses with {@code INVALID} and one sentence that names point, text and position. */
    static List<FailpointAction> parse(Failpoint point, String spec) {
        List<FailpointAction> actions = new ArrayList<>();
        int at = 0;
        for (String part : spec.split("->", -1)) {
            actions.add(action(point, spec, part.strip(), at));
            at += part.length() + 2;
        }
        return List.copyOf(actions);
    }

    private static FailpointAction action(Failpoint point, String spec, String part, int at) {
        Matcher matcher = ACTION.matcher(part);
        if (!matcher.matches()) {
            throw refused(point, spec, at, "an action is written [P%][N*]verb[(argument)]");
        }
        Optional<Verb> verb = Arrays.stream(Verb.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(matcher.group(3)))
                .findFirst();
        if (verb.isEmpty()) {
            throw refused(point, spec, at, "there is no action " + matcher.group(3));
        }
        double percent = matcher.group(1) == null ? 100 : Double.parseDouble(matcher.group(1));
        if (percent > 100) {
            throw refused(point, spec, at, "a probability is at most 100%");
        }
        int count = matcher.group(2) == null ? FailpointAction.UNLIMITED : Integer.parseInt(matcher.group(2));
        String argument = matcher.group(4) == null ? "" : matcher.group(4);
        check(point, spec, at, verb.get(), argument);
        return new FailpointAction(percent, count, verb.get(), argument);
    }

    private static void check(Failpoint point, String spec, int at, Verb verb, String argument) {
        boolean good =
                switch (verb) {
                    case SLEEP, DELAY -> argument.matches("[0-9]{1,9}");
                    case EXIT -> argument.matches("[0-9]{1,3}") && Integer.parseInt(argument) <= 255;
                    case RETURN -> argument.isEmpty() || kind(argument).isPresent();
                    case OFF, PAUSE, YIELD -> argument.isEmpty();
                    case PANIC, PRINT -> true;
                };
        if (!good) {
            throw refused(
                    point,
                    spec,
                    at,
                    switch (verb) {
                        case SLEEP, DELAY -> "it takes milliseconds in parentheses";
                        case EXIT -> "exit takes a code from 0 to 255 in parentheses";
                        case RETURN -> "return takes a kind of failure such as NO_SPACE, or nothing";
                        case OFF, PAUSE, YIELD, PANIC, PRINT -> "it takes no argument";
                    });
        }
    }

    static Optional<FailureKind> kind(String name) {
        return Arrays.stream(FailureKind.values())
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    private static MusicFsException refused(Failpoint point, String spec, int at, String why) {
        return new MusicFsException(
                FailureKind.INVALID,
                "The failpoint " + point.id() + " cannot be armed with \"" + spec + "\": at character " + (at + 1)
                        + ", " + why + ".");
    }
}
