package dev.musicfs.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rows of RESILIENCE.md that a test proves, wholly or in part. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Resilience {
    /** Row ids such as {@code 2.1}. */
    String[] value();
}
