package dev.musicfs.failure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a class that reads the wall clock: says what for. Intervals are measured by the monotonic clock. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface WallClock {
    /** What for. */
    String value();
}
