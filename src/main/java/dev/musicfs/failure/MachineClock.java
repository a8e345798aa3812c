package dev.musicfs.failure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a class that reads the clock of the machine itself: says why. All others ask {@code runtime.Clock}. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface MachineClock {
    /** Why. */
    String value();
}
