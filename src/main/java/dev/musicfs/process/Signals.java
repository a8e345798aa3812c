package dev.musicfs.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's signals. A shutdown hook would not do: once the JVM runs its hooks, it takes no further signal, and a
 * second one could not end a stop that hangs.
 *
 * <p>{@code sun.misc.Signal} is the only way from Java, part of the supported module {@code jdk.unsupported}. It is called
 * by reflection because javac warns of every use of it in a way that cannot be silenced in all versions.
 */
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Has {@code handler} called with the signal's number, each time on a thread of its own, whenever one of these comes.
     * One that the process was started to ignore stays ignored. Where the JVM keeps a signal for itself
     * ({@code -Xrs}), that signal does what it did before.
     *
     * @param names without {@code SIG}, such as {@code TERM}
     */
    public static void handle(IntConsumer handler, String... names) {
        for (String name : names) {
            try {
                Class<?> signalType = Class.forName("sun.misc.Signal");
                Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
                Object signal = signalType.getConstructor(String.class).newInstance(name);
                int number = (Integer) signalType.getMethod("getNumber").invoke(signal);
                InvocationHandler called =
                        (proxy, method, arguments) -> answer(handler, number, proxy, method.getName());
                Object proxy =
                        Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, called);
                signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, proxy);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                LOG.warn(
                        "SIG{} cannot be handled here: {}",
                        name,
                        String.valueOf(e.getCause() == null ? e : e.getCause()));
            }
        }
    }

    private static Object answer(IntConsumer handler, int number, Object proxy, String method) {
        return switch (method) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> false;
            case "toString" -> "the handler of signal " + number;
            default -> {
                handler.accept(number);
                yield number; // ignored: SignalHandler.handle gives nothing
            }
        };
    }
}
