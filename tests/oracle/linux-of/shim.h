/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The little of a kernel that Linux's drivers/of needs to run as an ordinary program.
 * Every header of the kernel that is not about device trees is replaced by this one.
 */
#ifndef XLPT_LINUX_OF_SHIM_H
#define XLPT_LINUX_OF_SHIM_H

#include <assert.h>
#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONFIG_OF 1
#define CONFIG_OF_ADDRESS 1
#define CONFIG_OF_IRQ 1
#define CONFIG_OF_KOBJ 1
#define CONFIG_PCI 1

#define SHIM_PAIR_1 0,
#define SHIM_SECOND(ignored, value, ...) value
#define SHIM_ENABLED_3(pair) SHIM_SECOND(pair 1, 0, 0)
#define SHIM_ENABLED_2(value) SHIM_ENABLED_3(SHIM_PAIR_##value)
#define IS_ENABLED(option) SHIM_ENABLED_2(option)

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
typedef uint16_t __be16;
typedef uint32_t __be32;
typedef uint64_t __be64;
typedef u64 phys_addr_t;
typedef u64 resource_size_t;
typedef u64 dma_addr_t;
typedef unsigned int gfp_t;
typedef int raw_spinlock_t;

#define __init
#define __initdata
#define __iomem
#define __ro_after_init
#define __weak __attribute__((weak))
#define __force
#define __maybe_unused __attribute__((unused))
#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)
#define fallthrough __attribute__((fallthrough))

#define likely(x) (x)
#define unlikely(x) (x)
#define BIT(n) (1UL << (n))
#define BITS_PER_LONG 64
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PTR_ALIGN(p, a) ((void *)(((uintptr_t)(p) + (a) - 1) & ~((uintptr_t)(a) - 1)))
#define ALIGN(x, a) (((x) + (a) - 1) & ~((typeof(x))(a) - 1))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define upper_32_bits(x) ((u32)((u64)(x) >> 32))
#define swap(a, b) do { typeof(a) shim_swap = (a); (a) = (b); (b) = shim_swap; } while (0)

#define cpu_to_be32 htobe32
#define be32_to_cpu be32toh
#define be64_to_cpu be64toh
static inline u32 be32_to_cpup(const __be32 *p) { u32 v; memcpy(&v, p, 4); return be32toh(v); }
static inline u64 be64_to_cpup(const __be64 *p) { u64 v; memcpy(&v, p, 8); return be64toh(v); }
static inline u16 be16_to_cpup(const u16 *p) { u16 v; memcpy(&v, p, 2); return be16toh(v); }

#define ERR_PTR(e) ((void *)(intptr_t)(e))
#define PTR_ERR(p) ((intptr_t)(p))
#define IS_ERR(p) ((uintptr_t)(p) >= (uintptr_t)-4095)
#define IS_ERR_OR_NULL(p) (!(p) || IS_ERR(p))
#define IOMEM_ERR_PTR(e) ERR_PTR(e)
#define ENOTSUPP 524
#define EPROBE_DEFER 517

#define printk(...) do { } while (0)
#define pr_debug(...) do { } while (0)
#define pr_cont(...) do { } while (0)
#define pr_info(...) do { } while (0)
#define pr_warn(...) do { } while (0)
#define pr_warn_once(...) do { } while (0)
#define pr_err(...) do { } while (0)
#define WARN_ON(x) (!!(x))
#define WARN_ON_ONCE(x) (!!(x))
#define WARN(x, ...) (!!(x))
#define BUG() abort()

/* One thread, nothing is ever freed. */
#define __free(name)
#define DEFINE_FREE(...)
#define DEFINE_MUTEX(m) struct mutex m
#define DEFINE_RAW_SPINLOCK(l) raw_spinlock_t l
#define mutex_lock(m) ((void)(m))
#define mutex_unlock(m) ((void)(m))
#define raw_spin_lock_irqsave(l, f) ((f) = 0)
#define raw_spin_unlock_irqrestore(l, f) ((void)(f))
struct mutex { int unused; };
static inline bool test_bit(int bit, const unsigned long *word) { return *word >> bit & 1; }
static inline void set_bit(int bit, unsigned long *word) { *word |= 1UL << bit; }
static inline void clear_bit(int bit, unsigned long *word) { *word &= ~(1UL << bit); }
static inline bool test_and_set_bit(int bit, unsigned long *word)
{
	bool old = test_bit(bit, word);
	set_bit(bit, word);
	return old;
}
#define NUMA_NO_NODE (-1)
#define GFP_KERNEL 0
#define kzalloc(size, flags) calloc(1, size)
#define kcalloc(n, size, flags) calloc(n, size)
#define kstrdup(s, flags) strdup(s)
#define kmemdup(p, size, flags) memcpy(malloc(size), p, size)
#define kfree(p) ((void)(p))
#define kbasename(path) (strrchr(path, '/') ? strrchr(path, '/') + 1 : (path))
extern char *strchrnul(const char *s, int c);
static inline u32 hash_32(u32 value, unsigned int bits) { return value * 0x61C88647u >> (32 - bits); }

struct list_head { struct list_head *next, *prev; };
#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }
#define INIT_LIST_HEAD(l) ((l)->next = (l)->prev = (l))
static inline void list_add_tail(struct list_head *entry, struct list_head *list)
{
	entry->prev = list->prev;
	entry->next = list;
	list->prev->next = entry;
	list->prev = entry;
}
static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}
#define list_empty(l) ((l)->next == (l))
#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry_or_null(l, type, member) \
	(list_empty(l) ? NULL : list_entry((l)->next, type, member))
#define list_for_each_entry(pos, l, member) \
	for (pos = list_entry((l)->next, typeof(*pos), member); &pos->member != (l); \
	     pos = list_entry(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_safe(pos, n, l, member) \
	for (pos = list_entry((l)->next, typeof(*pos), member), \
	     n = list_entry(pos->member.next, typeof(*pos), member); &pos->member != (l); \
	     pos = n, n = list_entry(n->member.next, typeof(*n), member))

/* Named in functions that this program does not call. */
#define for_each_possible_cpu(cpu) for (cpu = 0; cpu < 0;)
#define FWNODE_FLAG_BEST_EFFORT 0
extern bool console_set_on_cmdline;
extern void *initial_boot_params;

struct kobject { int unused; };
struct kset { int unused; };
struct bin_attribute { int unused; };
struct kobj_type { int unused; };
struct notifier_block;
struct device { struct device *parent; struct device_node *of_node; };
struct fwnode_operations { int unused; };
struct fwnode_handle { const struct fwnode_operations *ops; };
#define kobject_init(object, type) ((void)(object))
#define kobject_name(object) ""
#define firmware_kobj NULL
#define fwnode_init(handle, operations) ((void)(handle))

enum irq_domain_bus_token { DOMAIN_BUS_ANY, DOMAIN_BUS_PLATFORM_MSI };
struct irq_domain { int unused; };
struct of_device_id { char name[32], type[32], compatible[128]; const void *data; };
enum fwnode_lookup { SHIM_FWNODE };

/* No port of an I/O space is registered: such addresses stay what they are on the CPU's side. */
struct logic_pio_hwaddr { unsigned long flags; };
#define LOGIC_PIO_CPU_MMIO 1
#define find_io_range_by_fwnode(fwnode) ((struct logic_pio_hwaddr *)NULL)
#define logic_pio_trans_hwaddr(fwnode, address, size) ((unsigned long)-1)
#define pci_address_to_pio(address) (address)
#define pci_register_io_range(fwnode, address, size) 0
#define PCI_BASE_ADDRESS_0 0x10
#define PHYS_ADDR_MAX (~(phys_addr_t)0)

#include <libfdt.h>

#endif
