package dev.musicfs.runtime;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.musicfs.model.Printable;
import java.util.regex.Pattern;

/**
 * What a line of the log says: message and stack trace on one line, with nothing in it that a terminal would obey. Named in
 * {@code logback.xml}.
 */
public final class LogText extends ThrowableProxyConverter {
    private static final Pattern BREAKS = Pattern.compile("\\s*[\r\n]+\\s*");

    /** For Logback. */
    public LogText() {}

    @Override
    public String convert(ILoggingEvent event) {
        String whole = event.getThrowableProxy() == null
                ? event.getFormattedMessage()
                : event.getFormattedMessage() + "\n" + super.convert(event);
        return Printable.line(BREAKS.matcher(whole.strip()).replaceAll(" | ").replace('\t', ' '));
    }
}
