package dev.musicfs.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Values for one try of a property, decided by its seed alone. Bounds are inclusive. One number in eight is at or beside a
 * bound, where mistakes are.
 */
public final class Draw {
    private static final int SHOWN_CHARS = 400;
    /** Characters that names and files trip over: controls, separators, marks that combine, halves of surrogate pairs. */
    private static final int[] AWKWARD = {
        0, '\n', 0x1F, 0x7F, 0x85, ' ', '.', '/', '\\', '"', 'e', 0x301, 0x308, 0x1100, 0x1161, 0xE9, 0x130, 0x212B,
        0x200D, 0x2028, 0x3000, 0xD800, 0xDBFF, 0xDC00, 0xDC80, 0xDFFF, 0xFB01, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F3B5,
        0x10FFFF
    };

    private final Random random;
    private final List<String> drawn = new ArrayList<>();

    Draw(long seed) {
        random = new Random(seed);
    }

    /** A number of this range. */
    public int number(int min, int max) {
        return (int) number((long) min, (long) max);
    }

    /** A number of this range. */
    public long number(long min, long max) {
        return noted(between(min, max));
    }

    /** Any number at all, such as a seed for what draws by itself. */
    public long anyLong() {
        return noted(random.nextLong());
    }

    /** One or the other. */
    public boolean flag() {
        return noted(random.nextBoolean());
    }

    /** One of these, each as likely as any other. */
    @SafeVarargs
    public final <T> T of(T... values) {
        return noted(values[random.nextInt(values.length)]);
    }

    /** So many values at most. */
    public <T> List<T> list(int maxSize, Supplier<T> value) {
        List<T> list = new ArrayList<>();
        for (int size = number(0, maxSize); list.size() < size; ) {
            list.add(value.get());
        }
        return list;
    }

    /**
     * Parts of a file of this size, each {@code OFFSET+LENGTH} of one byte or more: anywhere, over its end, and at the
     * bounds of pages and requests.
     */
    public List<String> ranges(int count, long sizeBytes, int maxLength) {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long offset = between(0, sizeBytes);
            long length = between(1, maxLength);
            switch (random.nextInt(4)) {
                case 0 -> offset = offset / 4096 * 4096 + between(-1, 1);
                case 1 -> length = between(1, 1 << random.nextInt(18));
                case 2 -> length = Math.max(1, sizeBytes - offset + between(-1, 1));
                default -> {}
            }
            ranges.add(Math.max(0, offset) + "+" + length);
        }
        return noted(ranges);
    }

    /**
     * Text of this length in UTF-16 units: awkward characters, ASCII and all others in turn, also halves of surrogate
     * pairs by themselves.
     */
    public String text(int minLength, int maxLength) {
        int length = (int) between(minLength, maxLength);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.appendCodePoint(codePoint());
        }
        text.setLength(length);
        return noted(text.toString());
    }

    private int codePoint() {
        return switch (random.nextInt(4)) {
            case 0 -> AWKWARD[random.nextInt(AWKWARD.length)];
            case 1 -> random.nextInt(0x80);
            case 2 -> random.nextInt(Character.MIN_SUPPLEMENTARY_CODE_POINT);
            default -> random.nextInt(Character.MAX_CODE_POINT + 1);
        };
    }

    private long between(long min, long max) {
        return switch (random.nextInt(32)) {
            case 0, 1 -> min;
            case 2 -> Math.min(min + 1, max);
            case 3 -> max;
            default -> min + Math.floorMod(random.nextLong(), max - min + 1);
        };
    }

    private <T> T noted(T value) {
        drawn.add(
                value instanceof String text
                        ? '"'
                                + text.codePoints()
                                        .collect(StringBuilder::new, Draw::appendShown, StringBuilder::append)
                                        .toString()
                                + '"'
                        : String.valueOf(value));
        return value;
    }

    private static void appendShown(StringBuilder shown, int c) {
        if (c >= ' ' && c < 0x7F) {
            shown.append((char) c);
        } else {
            shown.append(String.format("\\u{%X}", c));
        }
    }

    /** What was drawn, in order, as far as it can be read at a glance. */
    @Override
    public String toString() {
        String all = drawn.toString();
        return all.length() <= SHOWN_CHARS ? all : all.substring(0, SHOWN_CHARS) + "...";
    }
}
