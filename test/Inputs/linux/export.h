/* Mock: symbols for other modules. */
#ifndef MOCK_EXPORT_H
#define MOCK_EXPORT_H

#define EXPORT_SYMBOL(sym) extern __typeof__(sym) sym
#define EXPORT_SYMBOL_GPL(sym) extern __typeof__(sym) sym

#endif
