package dev.musicfs.config.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLevelTest {
    private final Logger any = LoggerFactory.getLogger("dev.musicfs.any");

    @AfterEach
    void asBefore() {
        LogLevel.set("info");
    }

    @Test
    @Resilience("3.6")
    void isRaisedAndLowered() {
        LogLevel.set("info");
        assertThat(any.isDebugEnabled()).isFalse();
        assertThat(LogLevel.saysMore("debug")).isTrue();
        assertThat(LogLevel.saysMore("error")).isFalse();
        LogLevel.set("debug");
        assertThat(any.isDebugEnabled()).isTrue();
        LogLevel.set("error");
        assertThat(any.isWarnEnabled()).isFalse();
        assertThat(any.isErrorEnabled()).isTrue();
        LogLevel.set("off");
        assertThat(any.isErrorEnabled()).isFalse();
        assertThat(LogLevel.saysMore("error")).isTrue();
    }
}
