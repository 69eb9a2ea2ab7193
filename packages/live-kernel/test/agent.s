# long start(struct clone_args *rdi, size_t rsi, struct letterbox *rdx)
start:	push	%rbx
	mov	%rdx, %rbx
	mov	$435, %eax
	syscall
	test	%rax, %rax
	jz	await
	pop	%rbx
	ret
await:	mov	(%rbx), %edx
	cmp	$1, %edx
	je	work
	mov	%rbx, %rdi
	xor	%esi, %esi
	xor	%r10d, %r10d
	mov	$202, %eax
	syscall
	jmp	await
work:	mov	8(%rbx), %rax
	mov	%rax, %r13
	mov	16(%rbx), %rdi
	mov	24(%rbx), %rsi
	mov	32(%rbx), %rdx
	mov	40(%rbx), %r10
	mov	48(%rbx), %r8
	mov	56(%rbx), %r9
	mov	64(%rbx), %r12
	syscall
	cmp	$435, %r13
	jne	answer
	test	%rax, %rax
	jnz	answer
	mov	%r12, %rbx
	jmp	await
answer:	mov	%rax, 72(%rbx)
	movl	$2, (%rbx)
	mov	%rbx, %rdi
	mov	$1, %esi
	mov	$0x7fffffff, %edx
	mov	$202, %eax
	syscall
	jmp	await
