/* orrery: a driver for a GPU with a render ring and a copy ring. */
#ifndef ORRERY_H
#define ORRERY_H

#include "../beacon/beacon.h"
#include <drm/gpu_scheduler.h>
#include <linux/dma-resv.h>
#include <linux/kernel.h>
#include <linux/mutex.h>

struct orrery_job;
struct orrery_ring;

struct orrery_ring_ops {
	int (*emit)(struct orrery_ring *ring, struct orrery_job *job);
	void (*stop)(struct orrery_ring *ring);
};

struct orrery_ring {
	const struct orrery_ring_ops *ops;
	volatile u32 *regs;
	u32 *commands;
	u32 tail;
};

struct orrery_buffer {
	struct dma_resv resv;
	u64 address;
};

struct orrery_vm {
	u64 *tables[512];
};

struct orrery_device {
	struct orrery_ring render, copy;
	struct orrery_vm vm;
	struct beacon_timeline timeline;
	struct work_struct reset;
	struct mutex power_lock; /* of users */
	unsigned int users;
};

struct orrery_job {
	struct drm_sched_job base;
	struct orrery_device *dev;
	struct orrery_ring *ring;
	struct orrery_buffer *buffer;
	struct dma_fence *fence; /* created with the job, where it may sleep */
	struct dma_fence_cb done;
};

/* ring.c */
void orrery_power_get(struct orrery_device *dev);
void orrery_power_off(struct orrery_device *dev, struct dma_fence *last);
void orrery_rings_init(struct orrery_device *dev, volatile u32 *regs);

/* jobs.c */
extern const struct drm_sched_backend_ops orrery_sched_ops;
int orrery_job_init(struct orrery_job *job, struct orrery_device *dev);

/* reset.c */
void orrery_reset_init(struct orrery_device *dev);
int orrery_reset(struct orrery_device *dev);
enum drm_gpu_sched_stat orrery_timedout_job(struct drm_sched_job *base);

/* mmu.c */
int orrery_vm_map(struct orrery_vm *vm, u64 address, u64 page, bool may_sleep);
int orrery_vm_repair(struct orrery_vm *vm, u64 address, u64 page);
int orrery_vm_repair_careful(struct orrery_vm *vm, u64 address, u64 page);

#endif
