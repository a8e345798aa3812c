package dev.musicfs.doctor;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * Something to be looked at.
 *
 * @param name what, such as {@code fusermount}
 * @param look finds out, changes nothing, and may block
 */
public record Check(String name, Callable<List<Finding>> look) {
    /** One that finds one thing. */
    public static Check of(String name, Callable<Finding> look) {
        return new Check(name, () -> List.of(look.call()));
    }
}
