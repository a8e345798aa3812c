package dev.musicfs.failure;

import dev.musicfs.failure.FailpointAction.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a failpoint is to do. As in fail-rs an argument may hold anything but {@code ->}. */
final class FailpointSpec {
    private static final Pattern ACTION = Pattern.compile(
            "\\s*(?:(?<chance>[^%(]*)%)?(?:(?<times>[^*(]*)\\*)?(?<verb>[^(]*?)(?:\\((?<argument>.*)\\))?\\s*",
            Pattern.DOTALL);
    private static final Pattern CHANCE = Pattern.compile("\\d{1,3}(\\.\\d+)?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final double PERCENT = 100;
    private static final String ARROW = "->";

    // Points are armed before the level of the log is known, which the first logger reads.
    private static final class Log {
        private static final Logger POINTS = LoggerFactory.getLogger(Failpoints.class);
    }

    private final String point;
    private final String spec;

    private FailpointSpec(String point, String spec) {
        this.point = point;
        this.spec = spec;
    }

    /** The actions in their order; fails with {@code INVALID} and one sentence. */
    static List<FailpointAction> parse(String point, String spec) {
        FailpointSpec reader = new FailpointSpec(point, spec);
        List<FailpointAction> actions = new ArrayList<>();
        int at = 0;
        for (String action : spec.split(ARROW, -1)) {
            actions.add(reader.action(action, at));
            at += action.length() + ARROW.length();
        }
        return List.copyOf(actions);
    }

    private FailpointAction action(String text, int at) {
        Matcher parts = ACTION.matcher(text);
        if (!parts.matches()) {
            throw wrong(at + text.indexOf('('), "the parenthesis is not closed");
        }
        double chance = 1;
        if (parts.group("chance") != null) {
            chance = chance(parts.group("chance"), at + parts.start("chance"));
        }
        long times = Long.MAX_VALUE;
        if (parts.group("times") != null) {
            times = number(parts.group("times"), at + parts.start("times"), "a count");
        }
        return new FailpointAction(chance, times, task(parts, at));
    }

    private Task task(Matcher parts, int at) {
        String verb = parts.group("verb");
        String argument = parts.group("argument");
        int place = at + (argument == null ? parts.end("verb") : parts.start("argument"));
        String given = argument == null ? "" : argument;
        return switch (verb) {
            case "off" -> (name, replaced) -> {};
            case "return" -> fail(kind(given, place));
            case "panic" -> panic(given);
            case "print" -> (name, replaced) -> Log.POINTS.warn("Failpoint {}: {}", name, given);
            case "sleep" -> sleep(number(given, place, "milliseconds"));
            case "pause" -> sleep(Long.MAX_VALUE);
            case "yield" -> yieldOnce();
            case "delay" -> delay(number(given, place, "milliseconds"));
            case "exit" -> exit(Math.toIntExact(number(given, place, "an exit code")));
            default ->
                throw wrong(
                        at + parts.start("verb"),
                        "\"" + verb
                                + "\" is no action; there are off, return, panic, print, sleep, pause, yield, delay, exit");
        };
    }

    // Nothing relies on it: it only makes another order of threads likelier.
    @SuppressWarnings("ThreadPriorityCheck")
    private static Task yieldOnce() {
        return (name, replaced) -> Thread.yield();
    }

    private static Task fail(FailureKind kind) {
        return (name, replaced) -> {
            throw new MusicFsException(kind, "failpoint " + name);
        };
    }

    private static Task panic(String message) {
        return (name, replaced) -> {
            throw new FailpointPanic(message.isEmpty() ? "failpoint " + name : message);
        };
    }

    private static Task sleep(long millis) {
        return (name, replaced) -> await(replaced, millis);
    }

    // Whoever interrupts a thread wants it to end, so that a wait at a failpoint ends as well.
    private static void await(CountDownLatch replaced, long millis) {
        try {
            boolean early = replaced.await(millis, TimeUnit.MILLISECONDS);
            Log.POINTS.debug("Waited at a failpoint for {}.", early ? "its end" : millis + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Task delay(long millis) {
        return (name, replaced) -> {
            CompletableFuture<Boolean> over =
                    new CompletableFuture<Boolean>().completeOnTimeout(true, millis, TimeUnit.MILLISECONDS);
            while (!over.isDone()) {
                Thread.onSpinWait();
            }
        };
    }

    private static Task exit(int code) {
        return (name, replaced) -> Runtime.getRuntime().halt(code);
    }

    private FailureKind kind(String text, int at) {
        if (text.isEmpty()) {
            return FailureKind.UNAVAILABLE;
        }
        return Arrays.stream(FailureKind.values())
                .filter(kind -> kind.name().equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(
                        at,
                        "\"" + text + "\" is no kind of failure; there are " + Arrays.toString(FailureKind.values())));
    }

    private double chance(String text, int at) {
        double percent = CHANCE.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (percent >= 0 && percent <= PERCENT) {
            return percent / PERCENT;
        }
        throw wrong(at, "\"" + text + "\" is no percentage from 0 to 100");
    }

    private long number(String text, int at, String what) {
        if (NUMBER.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        throw wrong(at, "\"" + text + "\" is not " + what + ", a number of at most nine digits");
    }

    private MusicFsException wrong(int index, String why) {
        return new MusicFsException(
                FailureKind.INVALID,
                "failpoint " + point + ": at character " + (index + 1) + " of \"" + spec + "\" " + why);
    }
}
