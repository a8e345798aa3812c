package dev.musicfs.failure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a class that begins something beside its caller: says what looks after it, so that no failure there goes unnoticed.
 * A rule over the bytecode wants it wherever a thread, a timer or work on a worker pool begins, and nowhere else.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Attended {
    /** What looks after its threads; empty when it begins none. */
    String threads() default "";

    /** What its timers are for; empty when it sets none. */
    String timers() default "";

    /** What its work on worker pools is for; empty when there is none. */
    String workers() default "";
}
